#!/usr/bin/env python3
"""NEMA image-quality phantom whose headers state no unit: refused with the reason; with the unit stated in the study file,
the recovery of the spheres rises with their diameter. Usage: nema_recovery.py SOJOURN [--figure FILE.svg]"""
import pathlib
import sys
import tempfile

from support import by_region, shared, track

# Fillable spheres of the NEMA IEC body phantom: inner diameter in mm, centre in LPS mm (centroid of the hot voxels).
SPHERES = {10: (28.8, -46.7, -4.4), 13: (-29.0, -48.8, -4.0), 17: (-59.2, -0.2, -4.0), 22: (-32.1, 49.7, -5.0),
           28: (25.2, 51.8, -2.6), 37: (54.8, 3.7, -5.0)}
HEAD = 'sojourn = 1\n[subject]\nid = "nema"\nspecies = "human"\n'
TRACER = '[[tracer]]\nid = "t1"\nmethod = "f18-fdg"\ninjected_at = 2020-08-23T17:00:00Z\n'
SCAN = '[[scan]]\nimage = "{image}"\n'
STATED = 'units = "Bq/mL"\ntime = 2020-08-23T18:00:00Z\nframe_duration = "10 min"\ndecay_corrected_to = "scan-start"\n'


def segment(name, centre, radius):
    x, y, z = centre
    return (f'[segment.{name}]\nmethod = "sphere"\ncenter = ["{x} mm", "{y} mm", "{z} mm"]\nradius = "{radius} mm"\n')


def recoveries(sojourn, image, folder):
    text = HEAD + TRACER + SCAN.format(image=image) + STATED
    for diameter, centre in SPHERES.items():
        text += segment(f"sphere_{diameter}", centre, diameter / 2)
    text += segment("core", SPHERES[37], 8)  # inside the largest sphere nothing is lost: relative recovery 1
    for i, (x, y) in enumerate([(0, 75), (0, -75), (90, 30), (-90, 30)]):
        text += segment(f"background_{i}", (x, y - 10, -4.2), 10)
    (folder / "study.toml").write_text(text)
    track(sojourn, folder / "study.toml", folder / "out")
    rows = by_region(folder / "out")
    mean = lambda name: float(rows[name]["activity_bq"]) / float(rows[name]["volume_ml"])
    background = sum(mean(f"background_{i}") for i in range(4)) / 4
    contrast = mean("core") / background - 1
    return {d: (mean(f"sphere_{d}") / background - 1) / contrast for d in SPHERES}


def draw(found, path):
    x = lambda d: 60 + (d - 8) * 15
    y = lambda r: 260 - 220 * r
    points = " ".join(f"{x(d):.1f},{y(r):.1f}" for d, r in found.items())
    marks = "".join(f'<circle cx="{x(d):.1f}" cy="{y(r):.1f}" r="4"/><text x="{x(d):.1f}" y="{y(r) - 10:.1f}" '
                    f'text-anchor="middle">{r:.2f}</text>' for d, r in found.items())
    ticks = "".join(f'<text x="{x(d):.1f}" y="280" text-anchor="middle">{d}</text>' for d in found)
    levels = "".join(f'<path d="M60 {y(v / 4):.1f}H505" stroke="#ddd"/><text x="52" y="{y(v / 4) + 4:.1f}" '
                     f'text-anchor="end">{v / 4:g}</text>' for v in range(5))
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 530 310" font-family="sans-serif" font-size="12">'
                    f'<rect width="530" height="310" fill="#fff"/>{levels}<polyline points="{points}" fill="none" '
                    f'stroke="#0072b2" stroke-width="2"/><g fill="#0072b2">{marks}</g>{ticks}'
                    '<text x="280" y="300" text-anchor="middle">sphere inner diameter / mm</text>'
                    '<text x="60" y="20">contrast recovery of the sphere mean, relative to the core of the 37 mm sphere'
                    '</text></svg>\n')


def main():
    sojourn = sys.argv[1]
    image = shared("nema_iq", "data", "pet_recon_1")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "bare.toml").write_text(HEAD + SCAN.format(image=image))
        message = track(sojourn, folder / "bare.toml", folder / "bare", expect=2)
        if "unit" not in message.lower() or (folder / "bare" / "activity.tsv").exists():
            sys.exit("a header without units was not refused with its reason: " + message)
        found = recoveries(sojourn, image, folder)
    print("  ".join(f"{d} mm: {r:.3f}" for d, r in found.items()))
    values = list(found.values())
    if "--figure" in sys.argv:
        draw(found, pathlib.Path(sys.argv[sys.argv.index("--figure") + 1]))
    # Smaller spheres lose more to the scanner's blur; noise of these images is a few percent of a sphere's mean.
    if not all(a < b + 0.03 for a, b in zip(values, values[1:])) or not 0.2 < values[0] < 0.75 or not 0.75 < values[-1] < 1.05:
        sys.exit(f"recovery does not rise with diameter as a blurred phantom's must: {found}")


main()
