#!/usr/bin/env python3
"""Writes the subjects that are made from another layout: adult-female and macaque from adult-male.toml, rat and mouse from
the rodent layout below. Lengths are stretched, then each organ is grown or shrunk about the middles of its solids until its
voxelised mass is the reference. Usage: SOJOURN_DATA=data make_others.py PATH/TO/sojourn [ID...] (Python 3.11, no packages)."""
import copy
import json
import math
import pathlib
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
PAIRS = {"heart": "heart-contents", "stomach": "stomach-contents", "colon": "colon-contents", "bladder-wall": "bladder"}
POINTS = ("center_cm", "from_cm", "to_cm")


def in_plane(shape):
    """The axes of a column's semi-axes."""
    return [a for a in range(3) if a != "xyz".index(shape["axis"])]


def stretch(shape, s):
    """Lengths times s[axis]; turned ellipsoids and tori by the mean."""
    mean = (s[0] * s[1] * s[2]) ** (1 / 3)
    for key in POINTS:
        if key in shape:
            shape[key] = [v * k for v, k in zip(shape[key], s)]
    kind = shape["shape"]
    if kind == "ellipsoid":
        shape["semi_cm"] = [v * (mean if "axes" in shape else k) for v, k in zip(shape["semi_cm"], s)]
    elif kind == "box":
        shape["half_cm"] = [v * k for v, k in zip(shape["half_cm"], s)]
    elif kind == "column":
        shape["semi_cm"] = [v * s[a] for v, a in zip(shape["semi_cm"], in_plane(shape))]
    elif kind == "torus":
        shape["semi_cm"] = [v * mean for v in shape["semi_cm"]]
        shape["ring_cm"] *= mean
    elif kind == "round-cone":
        shape["radius_cm"] = [v * mean for v in shape["radius_cm"]]
    elif kind == "half-space":
        shape["normal"] = [v / k for v, k in zip(shape["normal"], s)]
    for cut in shape.get("within", []) + shape.get("without", []):
        stretch(cut, s)


def middle(shape):
    if "center_cm" in shape:
        return shape["center_cm"]
    return [(a + b) / 2 for a, b in zip(shape["from_cm"], shape["to_cm"])]


def grow(shape, k, center=None):
    """All lengths times k about the solid's middle."""
    c = middle(shape) if center is None else center
    for key in POINTS:
        if key in shape:
            shape[key] = [m + k * (v - m) for v, m in zip(shape[key], c)]
    for key in ("semi_cm", "half_cm", "radius_cm"):
        if key in shape:
            shape[key] = [v * k for v in shape[key]]
    if "ring_cm" in shape:
        shape["ring_cm"] *= k
    if shape["shape"] == "half-space":
        at = sum(n * m for n, m in zip(shape["normal"], c))
        shape["offset_cm"] = k * (shape["offset_cm"] - at) + at
    for cut in shape.get("within", []) + shape.get("without", []):
        grow(cut, k, c)


def thicken(shape, k):
    """Cross sections alone: for the parts of a tube or a skeleton that must keep their joints."""
    for key in ("semi_cm", "radius_cm"):
        if key in shape and not shape.get("within") and not shape.get("without"):
            shape[key] = [v * k for v in shape[key]]
        elif shape["shape"] == "torus" and key in shape:
            shape[key] = [v * k for v in shape[key]]


def number(value):
    return f"{value:.6g}"


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(text_of(v) for v in value) + "]"
    return "{" + ", ".join(f"{k} = {text_of(v)}" for k, v in value.items()) + "}"


def write(subject, path):
    lines = ["# Written by make_others.py from another layout; lengths in cm; x to the left, y to the back, z to the head."]
    lines += [f"{k} = {text_of(v)}" for k, v in subject.items() if k != "organ"]
    for organ in subject["organ"]:
        lines += ["", "[[organ]]"]
        for key, value in organ.items():
            if key == "solids":
                lines += ["solids = ["] + [f"  {text_of(s)}," for s in value] + ["]"]
            elif key != "spread":
                lines.append(f"{key} = {text_of(value)}")
        if "spread" in organ:
            lines += ["[organ.spread]"] + [f"{k} = {text_of(v)}" for k, v in organ["spread"].items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def masses(program, name, spacing):
    out = subprocess.run([program, "subject", "show", name, "--spacing", spacing, "--lines", "4", "--json"],
                         capture_output=True, text=True)
    if out.returncode:
        raise SystemExit(out.stderr)
    found = json.loads(out.stdout)
    return {o["id"]: o["mass_g"] or 0 for o in found["organs"]}, found["voxelised_mass_g"]


def fit(program, subject, path, spacing, rounds=7):
    """Grows organs to their reference, then the body around them to its mass."""
    organs = {o["id"]: o for o in subject["organ"]}
    bodies = ("skin", "rest")
    for turn in range(rounds):
        write(subject, path)
        now, total = masses(program, subject["id"], spacing)
        for name, organ in organs.items():
            want = organ.get("reference_mass_g")
            if name in bodies or want is None or not organ.get("solids"):
                continue
            inner = PAIRS.get(name)
            have, goal = now[name], want
            if inner in organs:
                have, goal = have + now[inner], goal + organs[inner].get("reference_mass_g", now[inner])
            if have == 0:
                raise SystemExit(f"{subject['id']}: {name} holds no voxel")
            for solid in organ["solids"]:
                if name == "bone":
                    thicken(solid, min(max((goal / have) ** 0.6, 0.8), 1.25))
                elif name in ("colon", "colon-contents"):
                    thicken(solid, (goal / have) ** 0.5)
                else:
                    grow(solid, (goal / have) ** (1 / 3))
        skin, rest = organs.get("skin"), organs["rest"]
        goal = subject["body_mass_g"]
        k = (1 + (goal - total) / (now["rest"] + now.get("skin", 0))) ** 0.5
        for solid in rest["solids"] + (skin["solids"] if skin else []):
            stretch(solid, (k, k, 1))
        if skin and skin.get("reference_mass_g"):
            thin = 1 + 0.5 * (now["skin"] - skin["reference_mass_g"]) / now["rest"]
            for solid in rest["solids"]:
                stretch(solid, (thin, thin, 1 if "z_fixed" in subject.get("note", "") else 1))
        print(subject["id"], turn, {n: round(now[n] / o["reference_mass_g"] - 1, 4) for n, o in organs.items()
                                    if o.get("reference_mass_g") and o.get("solids")}, round(total, 2), file=sys.stderr)
    write(subject, path)


def keep(subject, drop):
    subject["organ"] = [o for o in subject["organ"] if o["id"] not in drop]


def references(subject, table, flow_factor):
    """Sets the reference masses; organs that the table leaves out have none."""
    for organ in subject["organ"]:
        organ.pop("reference_mass_g", None)
        if organ["id"] in table:
            organ["reference_mass_g"] = table[organ["id"]]
        if "blood_flow_ml_per_min" in organ:
            organ["blood_flow_ml_per_min"] *= flow_factor
    for organ in subject["organ"]:  # the order of a person's reading
        solids = organ.pop("solids", None)
        spread = organ.pop("spread", None)
        if solids:
            organ["solids"] = solids
        if spread:
            organ["spread"] = spread


def man():
    return tomllib.loads((HERE / "adult-male.toml").read_text(encoding="utf-8"))


def organ_of(subject, name):
    return next(o for o in subject["organ"] if o["id"] == name)


def without_male_parts(subject):
    keep(subject, {"prostate"})
    for name in ("rest", "skin"):
        solids = organ_of(subject, name)["solids"]
        solids[:] = [s for s in solids if s["shape"] != "box"]


def adult_female():
    subject = man()
    subject.update(id="adult-female", name="stylised adult woman", sex="female", body_mass_g=60000,
                   cite=["cristy-eckerman-1987", "icrp-89", "jnm-reference-masses"],
                   note="The adult's layout in the trunk of the adult female (17.25, 9.80, 63.1 cm), organs at the reference woman's masses.")
    without_male_parts(subject)
    ovary = {"shape": "ellipsoid", "center_cm": [6, 0, 14.6], "semi_cm": [1, 0.5, 2], "mirror": True}
    organ_of(subject, "gonads").update(note="ovaries", solids=[ovary])
    uterus = {"shape": "ellipsoid", "center_cm": [0, -2, 14], "semi_cm": [2.62, 5.22, 1.57],
              "within": [{"shape": "half-space", "normal": [0, -1, 0], "offset_cm": 4.62}]}
    subject["organ"].insert(-4, {"id": "uterus", "tissue": "soft-tissue", "density_g_per_ml": 1.04, "layer": 2,
                                 "solids": [uterus]})
    organ_of(subject, "breasts")["solids"][0].update(semi_cm=[5.74, 4.44, 4.6])
    for organ in subject["organ"]:
        for solid in organ.get("solids", []):
            stretch(solid, (0.8625, 0.98, 0.9014))
    references(subject, {
        "bone": 7800, "marrow": 900, "brain": 1300, "salivary-glands": 70, "heart": 250, "heart-contents": 370,
        "lung": 950, "liver": 1400, "gallbladder": 56, "stomach": 140, "stomach-contents": 230, "spleen": 130,
        "kidney": 276, "adrenals": 13, "pancreas": 120, "thyroid": 17, "bladder-wall": 40, "breasts": 500, "thymus": 20,
        "oesophagus": 35, "gonads": 11, "uterus": 80, "small-intestine": 880, "colon": 360, "colon-contents": 320,
        "skin": 2300, "muscle": 17500, "blood": 4100}, 5900 / 6500)
    return subject, "3 mm"


def macaque():
    subject = man()
    subject.update(id="macaque", name="stylised rhesus macaque", species="macaque", body_mass_g=6000,
                   cite=["cristy-eckerman-1987", "brown-1997", "herndon-1998", "rhesus-kidney-1999", "davies-morris-1993"],
                   note="The adult man's layout at a macaque's size with a macaque's organ masses; limbs are a man's.")
    k = (6000 / 73700) ** (1 / 3)
    for organ in subject["organ"]:
        for solid in organ.get("solids", []):
            stretch(solid, (k, k, k))
    references(subject, {"brain": 96, "liver": 156, "kidney": 26, "spleen": 9.6, "heart": 22.2, "lung": 39.6,
                         "adrenals": 1.44}, (6 / 73.7) ** 0.75)
    return subject, "1.2 mm"


def cone(a, b, r0, r1, mirror=False):
    solid = {"shape": "round-cone", "from_cm": [v / 10 for v in a], "to_cm": [v / 10 for v in b],
             "radius_cm": [r0 / 10, r1 / 10]}
    return solid | ({"mirror": True} if mirror else {})


def ball(c, s, mirror=False, **more):
    solid = {"shape": "ellipsoid", "center_cm": [v / 10 for v in c], "semi_cm": [v / 10 for v in s]} | more
    return solid | ({"mirror": True} if mirror else {})


def rodent_envelope(inset):
    t = inset
    return [
        ball((0, 0, -4), (11.2 - t, 10.5 - t, 36 - t)), ball((0, 0.2, 36), (6.9 - t, 6.9 - t, 13 - t)),
        cone((0, 1.5, -38), (0, 0.5, -47), 1.7 - t, 1.1 - t), cone((4.2, 1, -31), (8.5, -1, -20), 3.2 - t, 3 - t, True),
        cone((8.5, -1, -20), (8, -6.5, -33), 2 - t, 1.2 - t, True),
        cone((5.5, -2.5, 24.5), (7.5, -8, 21), 2.2 - t, 1.6 - t, True),
        cone((7.5, -8, 21), (6.5, -8.5, 31), 1.5 - t, 0.9 - t, True)]


def rodent_bones():
    trunk = lambda z: math.sqrt(max(1 - ((z + 4) / 36) ** 2, 0))
    solids = []
    for i in range(27):
        z = -36 + 2.4 * i
        y = 10.5 * trunk(z) - 3.2
        solids.append({"shape": "column", "axis": "z", "from_cm": [0, y / 10, (z - 1) / 10], "to_cm": [0, y / 10, (z + 1) / 10],
                       "semi_cm": [0.165, 0.165]})
    for i in range(8):
        z = 9.6 + 2 * i
        a, b = 11.2 * trunk(z) - 1.7, 10.5 * trunk(z) - 1.7
        column = {"shape": "column", "axis": "z", "from_cm": [0, 0, (z - 0.4) / 10], "to_cm": [0, 0, (z + 0.4) / 10],
                  "semi_cm": [a / 10, b / 10]}
        hole = {"shape": "column", "axis": "z", "from_cm": [0, 0, (z - 1) / 10], "to_cm": [0, 0, (z + 1) / 10],
                "semi_cm": [(a - 0.75) / 10, (b - 0.75) / 10]}
        solids.append(column | {"without": [hole]})
    solids += [cone((1.2, 3.6, -25), (3.6, 1.5, -33), 0.9, 0.9, True), cone((4.2, 1, -31), (8.5, -1, -20), 1, 1, True),
               cone((8.5, -1, -20), (8, -6.5, -33), 0.65, 0.65, True), cone((5.5, -2.5, 24.5), (7.5, -8, 21), 0.75, 0.75, True),
               cone((7.5, -8, 21), (6.5, -8.5, 31), 0.5, 0.5, True), ball((3.4, 4.2, 23.5), (1.6, 0.45, 3), True),
               cone((0, 1.3, -38.5), (0, 0.7, -46), 0.65, 0.65)]
    brain = {"shape": "ellipsoid", "center_cm": [0, 0.16, 3.65], "semi_cm": [0.43, 0.34, 0.555]}
    solids += [ball((0, 1.6, 36.5), (4.75, 3.85, 6.0), without=[brain]), cone((0, 0.3, 42.6), (0, -0.6, 46.5), 1.4, 0.8),
               cone((2.6, -3, 35), (0.9, -2.6, 43), 0.6, 0.6, True)]
    return solids


def rodent(identity, name, mass, cites, percent, flows, skin_mm):
    """Organs of the layout: id, layer, solids."""
    linear = (mass / 21.4) ** (1 / 3)
    layout = [
        ("rest", 1, rodent_envelope(skin_mm / linear)), ("skin", 0, rodent_envelope(0)), ("bone", 6, rodent_bones()),
        ("brain", 5, [ball((0, 1.6, 36.5), (4.3, 3.4, 5.55))]),
        ("lung", 2, [ball((3.4, 0.9, 17), (2.75, 4.1, 5.2), True)]),
        ("heart", 3, [ball((0.5, -2, 16.2), (3.1, 3, 4.6))]), ("heart-contents", 4, [ball((0.5, -2, 16.2), (2.4, 2.3, 3.9))]),
        ("liver", 2, [ball((-0.5, -1.5, 4.6), (8.2, 6.35, 5.1))]),
        ("stomach", 3, [ball((4.6, -1.5, -4.6), (3.2, 3.2, 4))]), ("stomach-contents", 4, [ball((4.6, -1.5, -4.6), (2.6, 2.6, 3.4))]),
        ("spleen", 2, [ball((8.6, 3.2, -5), (1.2, 1.7, 7))]),
        ("kidney", 2, [ball((4.6, 4.2, -10), (2.6, 2.6, 5.6)), ball((-4.6, 4.2, -7), (2.6, 2.6, 5.6))]),
        ("adrenals", 2, [ball((1.9, 4.6, -3.4), (0.55, 0.7, 0.9), True)]),
        ("pancreas", 2, [ball((-0.6, -2.4, -4.2), (1.9, 1.9, 2.6))]),
        ("small-intestine", 2, [ball((0, -3.4, -16.5), (6.2, 4.2, 7.2))]),
        ("colon", 3, [ball((-4.2, -4.4, -15.5), (2.2, 1.8, 4)), cone((2.6, 1.6, -16), (0.9, 1.2, -33), 1.1, 1)]),
        ("oesophagus", 5, [cone((0, 2.4, 12), (0, 2.2, 29), 0.45, 0.45)]),
        ("bladder", 4, [ball((0, -2.9, -29), (2.6, 2.6, 2.6))]), ("bladder-wall", 3, [ball((0, -2.9, -29), (2.9, 2.9, 2.9))]),
        ("gonads", 2, [ball((2.8, -4.3, -34.5), (1.7, 1.5, 2.6), True)] if identity == "mouse" else
         [ball((2.6, -4.3, -34), (2.1, 1.8, 3.1), True)]),
        ("thymus", 2, [ball((0, -3.2, 24), (1.7, 1, 1.9))]), ("thyroid", 2, [ball((0.9, -1.4, 28.8), (0.4, 0.5, 1.2), True)]),
        ("salivary-glands", 2, [ball((2.4, -3.6, 28.6), (1.4, 1.3, 2.2), True)]),
        ("lymph-node", 7, [ball((7.2, -4, -24), (1, 1, 1), True), ball((6.4, -3.6, 19), (0.9, 0.9, 0.9), True),
                           ball((0, 3.3, -16.5), (1.1, 1.1, 1.1))])]
    subject = {"id": identity, "name": name, "species": identity, "sex": "male", "body_mass_g": mass, "cite": cites,
               "note": "A prone animal of ellipsoids and round cones, one layout for mouse and rat; sizes give the organ masses.",
               "organ": []}
    for organ, layer, solids in layout:
        tissue = {"bone": "skeleton", "lung": "lung"}.get(organ, "soft-tissue")
        density = {"bone": 1.4, "lung": 0.296}.get(organ, 1.04)
        row = {"id": organ, "tissue": tissue, "density_g_per_ml": density, "layer": layer}
        if organ in percent:
            row["reference_mass_g"] = percent[organ] * mass / 100
        if organ in flows:
            row["blood_flow_ml_per_min"] = flows[organ]
        solids = copy.deepcopy(solids)
        for solid in solids:
            stretch(solid, (linear, linear, linear))
        subject["organ"].append(row | {"solids": solids})
    spreads = [("marrow", "skeleton", 1.4, {"bone": 1}), ("muscle", "soft-tissue", 1.04, {"rest": 1}),
               ("gut", "soft-tissue", 1.04, {"small-intestine": percent["small-intestine"], "colon": percent["colon"]}),
               ("blood", "soft-tissue", 1.06, {"heart-contents": 14, "lung": 8, "liver": 16, "spleen": 2, "kidney": 5,
                                               "small-intestine": 4, "colon": 2, "brain": 1, "stomach": 1, "bone": 3,
                                               "rest": 44})]
    for organ, tissue, density, spread in spreads:
        row = {"id": organ, "tissue": tissue, "density_g_per_ml": density}
        if organ in percent:
            row["reference_mass_g"] = percent[organ] * mass / 100
        if organ in flows:
            row["blood_flow_ml_per_min"] = flows[organ]
        subject["organ"].append(row | {"spread": spread})
    return subject


def flows_of(cardiac_output, percent):
    return {k: round(v * cardiac_output / 100, 4) for k, v in percent.items()}


def mouse():
    percent = {"brain": 1.65, "stomach": 0.60, "small-intestine": 2.53, "colon": 1.09, "heart": 0.50, "kidney": 1.67,
               "liver": 5.49, "lung": 0.73, "skin": 16.53, "spleen": 0.35, "muscle": 38.4, "bone": 7.39, "adrenals": 0.0168,
               "gonads": 0.5989, "thyroid": 0.01, "blood": 4.9}
    flows = flows_of(275 * 0.025 ** 0.75, {"kidney": 9.1, "heart": 6.6, "skin": 5.8, "gut": 14.1, "liver": 16.1, "lung": 100})
    return rodent("mouse", "stylised mouse", 25, ["brown-1997", "koyama-1963", "digimouse-2007"], percent, flows, 0.55), "0.3 mm"


def rat():
    percent = {"brain": 0.57, "stomach": 0.46, "small-intestine": 1.40, "colon": 0.84, "heart": 0.33, "kidney": 0.73,
               "liver": 3.66, "lung": 0.50, "skin": 19.03, "spleen": 0.20, "muscle": 40.43, "bone": 7.39, "adrenals": 0.019,
               "gonads": 0.87, "thyroid": 0.0097, "pancreas": 0.32, "blood": 7.4}
    flows = flows_of(235 * 0.25 ** 0.75, {"kidney": 14.1, "heart": 5.1, "skin": 5.8, "gut": 14.9, "liver": 17.4, "lung": 100})
    return rodent("rat", "stylised rat", 250, ["brown-1997", "koyama-1963", "digimouse-2007"], percent, flows, 1.3), "0.7 mm"


def main():
    program = sys.argv[1]
    known = {"adult-female": adult_female, "macaque": macaque, "rat": rat, "mouse": mouse}
    for name in sys.argv[2:] or known:
        subject, spacing = known[name]()
        fit(program, subject, HERE / f"{name}.toml", spacing)


if __name__ == "__main__":
    main()
