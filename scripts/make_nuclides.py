#!/usr/bin/python3
"""Writes data/catalogue/nuclides/*.toml and data/nuclide/beta_spectra_2026/*.tsv from the radioactive decay sublibrary of
ENDF/B (files dec-ZZZ_Sy_AAA.endf, section MF 8, MT 457; format: ENDF-6 manual, BNL-90365, section 8.4).

Usage: scripts/make_nuclides.py FOLDER_OF_THE_SUBLIBRARY [NUCLIDE ...]   (needs python3-numpy)

Kept: every line and branch of 1e-4 per decay and over, and fainter ones that carry over 1e-4 of the energy of their kind."""
import pathlib
import sys
import tomllib

import beta_spectrum

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = ROOT / "data/catalogue/nuclides"
SPECTRA = ROOT / "data/nuclide/beta_spectra_2026"
PAIR_KEV = 1021.998  # twice the electron's rest energy, as the sublibrary takes it
LEAST = 1e-4
PAIR = "pair"  # a line at the gamma's full energy that holds its internal pair formation: no electron has that energy
GAMMA, MINUS, PLUS, ELECTRON, PHOTON = 0, 1, 2, 8, 9  # STYP
MODES = {1: "beta-", 2: "electron-capture", 3: "isomeric-transition"}  # RTYP; 2 holds beta+ too


def number(text):
    """An 11-column number of ENDF: 1.234567-8 stands for 1.234567e-8."""
    text = text.strip()
    if not text:
        return 0.0
    for i in range(len(text) - 1, 0, -1):
        if text[i] in "+-" and text[i - 1] not in "eE":
            return float(text[:i] + "e" + text[i:])
    return float(text)


class Section:
    """The LIST records of MT 457, one after another."""

    def __init__(self, path):
        lines = [row for row in path.read_text().splitlines() if row[70:75] == " 8457"]
        self.records = [[number(row[i:i + 11]) for i in range(0, 66, 11)] for row in lines]
        self.at = 0

    def take(self):
        self.at += 1
        return self.records[self.at - 1]

    def take_list(self):
        head = self.take()
        values = []
        while len(values) < head[4]:
            values += self.take()
        return head, values


def read(path):
    """Half-life, decay modes and lines (keV, per decay) of one file."""
    section = Section(path)
    head = section.take()
    nuclide = {"charge": int(head[0]) // 1000, "mass": int(head[0]) % 1000, "spectra": {}}
    half, _ = section.take_list()
    nuclide["half_life_s"], nuclide["half_life_sd_s"] = half[0], half[1]
    _, modes = section.take_list()
    nuclide["modes"] = [(int(modes[i]), modes[i + 4]) for i in range(0, len(modes), 6)]
    nuclide["mean_kev"] = {}
    for _ in range(int(head[5])):
        kind, norm = section.take_list()
        lines = []
        for _ in range(int(kind[5])):
            energy, values = section.take_list()
            values += [0.0] * (12 - len(values))
            lines.append({"kev": energy[0] / 1e3, "kev_sd": energy[1] / 1e3, "mode": int(values[0]),
                          "type": int(values[1]), "i": norm[0] * values[2], "i_sd": norm[0] * values[3],
                          "plus": norm[0] * values[4], "plus_sd": norm[0] * values[5], "k": values[8], "l": values[10]})
        nuclide["spectra"][int(kind[1])] = lines
        nuclide["mean_kev"][int(kind[1])] = norm[2] / 1e3
    return nuclide


def daughter_charge(nuclide, mode):
    return nuclide["charge"] + {1: 1, 2: -1, 3: 0}[mode]


def shell_of(line, gammas, shells):
    """Which gamma's electron of which shell this is ("K of 140.5 keV"); "" for an Auger electron. MT 457 lists both kinds
    together: energies must fit the shell, and where the gamma states its coefficient the intensity must fit that."""
    for gamma in gammas:
        if gamma["mode"] != line["mode"]:
            continue
        bound = gamma["kev"] - line["kev"]
        for name, energy, coefficient in zip("KLM", shells, (gamma["k"], gamma["l"], 0)):
            expected = gamma["i"] * coefficient
            fits = abs(line["i"] - expected) < 0.02 * expected if coefficient > 0 else True
            if fits and abs(bound - energy) < min(0.05 * energy, 0.03):
                return f"{name} of {gamma['kev']:.4g} keV"
        if abs(bound) < 1e-6 and gamma["kev"] > PAIR_KEV:
            return PAIR
        if -1e-6 < bound < 1.1 * shells[3]:
            return f"N and outer of {gamma['kev']:.4g} keV"
    return "no gamma beside it" if line["kev"] > shells[0] else ""  # no Auger electron has more than the K shell's energy


def emissions_of(nuclide, shells):
    """Lines as rows of the table: type, keV, per decay, its sd, note."""
    rows = []
    gammas = nuclide["spectra"].get(GAMMA, [])
    for line in gammas:
        rows.append({"type": "gamma", "kev": line["kev"], "i": line["i"], "sd": line["i_sd"], "note": ""})
    for line in nuclide["spectra"].get(ELECTRON, []):
        charge = str(daughter_charge(nuclide, line["mode"]))
        note = shell_of(line, gammas, shells[charge]) if charge in shells else ""
        if note == PAIR:
            continue
        rows.append({"type": "conversion" if note else "auger", "kev": line["kev"], "i": line["i"], "sd": line["i_sd"],
                     "note": note})
    for line in nuclide["spectra"].get(PHOTON, []):
        kind = "annihilation" if abs(line["kev"] - PAIR_KEV / 2) < 0.01 else "x"
        rows.append({"type": kind, "kev": line["kev"], "i": line["i"], "sd": line["i_sd"], "note": ""})
    return rows


def branches_of(nuclide, kind):
    """Beta branches with end point, intensity and shape; the mean energy is that of the computed spectrum."""
    rows = []
    for line in nuclide["spectra"].get(kind, []):
        end = line["kev"] - (PAIR_KEV if kind == PLUS else 0)
        share, sd = (line["plus"], line["plus_sd"]) if kind == PLUS else (line["i"], line["i_sd"])
        if end <= 0 or share < 1e-5:
            continue
        charge = -(nuclide["charge"] - 1) if kind == PLUS else nuclide["charge"] + 1
        shape = beta_spectrum.SHAPES[max(line["type"], 1)]
        rows.append({"end": end, "i": share, "sd": sd, "shape": shape, "charge": charge,
                     "mean": beta_spectrum.branch(end, charge, nuclide["mass"], shape)})
    return sorted(rows, key=lambda row: -row["end"])


def merge(rows):
    """Lines of the same type and energy (of two decays in equilibrium) become one."""
    merged = {}
    for row in rows:
        key = (row["type"], round(row["kev"], 4))
        if key not in merged:
            merged[key] = dict(row)
            continue
        merged[key]["i"] += row["i"]
        merged[key]["sd"] = (merged[key]["sd"] ** 2 + row["sd"] ** 2) ** 0.5
    return list(merged.values())


def kept(rows):
    total = {}
    for row in rows:
        total[row["type"]] = total.get(row["type"], 0) + row["i"] * row["kev"]
    order = {"annihilation": 0, "gamma": 1, "x": 2, "conversion": 3, "auger": 4}
    chosen = [r for r in rows if r["i"] >= LEAST or (r["i"] * r["kev"] > LEAST * total[r["type"]] and r["i"] > 1e-6)]
    return sorted(chosen, key=lambda r: (order[r["type"]], r["kev"]))


def modes_of(nuclide, positrons):
    """(word, share) with beta+ and electron capture told apart."""
    shares = {}
    for mode, share in nuclide["modes"]:
        shares[MODES[mode]] = shares.get(MODES[mode], 0) + share
    if positrons > 0:
        shares = {"beta+": positrons, **shares}
        shares["electron-capture"] = max(shares["electron-capture"] - positrons, 0)
    return [(word, share) for word, share in shares.items() if share >= 1e-6]


def quantity(seconds):
    """Half-lives in the unit that people use."""
    for unit, size in (("s", 1), ("min", 60), ("h", 3600)):
        if seconds < (100 if unit == "h" else 200) * size:
            return unit, size
    return "d", 86400


def row_text(name, words, nuclide, rows, minus, plus):
    unit, size = quantity(nuclide["half_life_s"])
    positrons = sum(b["i"] for b in plus)
    sd = sum(b["sd"] ** 2 for b in plus) ** 0.5
    annihilation = [r for r in rows if r["type"] == "annihilation"]
    if annihilation:
        sd = annihilation[0]["sd"] / 2
    modes = ", ".join(f'["{word}", {share:.6g}]' for word, share in modes_of(nuclide, positrons))
    text = [f"# {name}: per decay, made by scripts/make_nuclides.py; energies in keV."]
    if "note" in words:
        text.append(f"# {words['note']}")
    text += [f'name = "{name}"', f'summary = "{words["summary"]}"', f'modality = "{words["modality"]}"',
             f'production = "{words["production"]}"', f'production_note = "{words["production_note"]}"',
             f"inventory = {list(words.get('inventory', []))}".replace("'", '"'),
             f'half_life = "{nuclide["half_life_s"] / size:.7g} {unit}"',
             f'half_life_sd = "{nuclide["half_life_sd_s"] / size:.3g} {unit}"',
             f"decay_modes = [{modes}]",
             f"positron_fraction = {positrons:.6g}", f"positron_fraction_sd = {sd:.2g}",
             f"citations = {['endfb8-2018', *words['citations']]}".replace("'", '"'), "emission = ["]
    for kind, branches in (("beta-", minus), ("beta+", plus)):
        for b in branches:
            text.append(f'  {{ type = "{kind}", energy_kev = {b["mean"]:.5g}, end_point_kev = {b["end"]:.7g}, '
                        f'intensity = {b["i"]:.6g}, intensity_sd = {b["sd"]:.2g}, shape = "{b["shape"]}" }},')
    for r in rows:
        note = f', note = "{r["note"]}"' if r["note"] else ""
        text.append(f'  {{ type = "{r["type"]}", energy_kev = {r["kev"]:.7g}, intensity = {r["i"]:.5g}, '
                    f'intensity_sd = {r["sd"]:.2g}{note} }},')
    return "\n".join(text + ["]", ""])


def spectrum_text(name, nuclide, minus, plus):
    """TSV with one table for each sign, stacked: sign, energy, density."""
    text = [f"# Beta spectrum of {name}: density of the kinetic energy, all branches together, integral 1 for each sign",
            "# made by scripts/make_nuclides.py", "sign\tenergy_kev\tdensity_per_kev"]
    for sign, branches in (("minus", minus), ("plus", plus)):
        if not branches:
            continue
        x, y = beta_spectrum.summed([(b["end"], b["i"], b["shape"]) for b in branches], branches[0]["charge"],
                                    nuclide["mass"])
        text += [f"{sign}\t{a:.7g}\t{b:.6g}" for a, b in zip(x, y)]
    return "\n".join(text + [""])


def make(folder, name, words, shells):
    nuclide = read(folder / f"dec-{words['stem']}.endf")
    rows = emissions_of(nuclide, shells)
    minus, plus = branches_of(nuclide, MINUS), branches_of(nuclide, PLUS)
    for daughter in words.get("daughter", []):
        for row in emissions_of(read(folder / f"dec-{daughter['stem']}.endf"), shells):
            rows.append({**row, "i": daughter["fed"] * row["i"], "sd": daughter["fed"] * row["sd"]})
    minus = [b for b in minus if b["i"] >= LEAST]
    for kind, branches in ((MINUS, minus), (PLUS, plus)):
        if branches:
            own = sum(b["mean"] * b["i"] for b in branches)
            print(f"{name} {'-+'[kind - 1]}: {own:.3f} keV per decay, sublibrary {nuclide['mean_kev'][kind]:.3f} "
                  f"({100 * (own / nuclide['mean_kev'][kind] - 1):+.2f} %)")
    (ROWS / f"{name}.toml").write_text(row_text(name, words, nuclide, kept(merge(rows)), minus, plus))
    if minus or plus:
        (SPECTRA / f"{name}.tsv").write_text(spectrum_text(name, nuclide, minus, plus))


def main(arguments):
    if not arguments:
        raise SystemExit(__doc__)
    words = tomllib.loads(pathlib.Path(__file__).with_suffix(".toml").read_text())
    shells = words.pop("shells")
    ROWS.mkdir(parents=True, exist_ok=True)
    SPECTRA.mkdir(parents=True, exist_ok=True)
    for name in arguments[1:] or words:
        make(pathlib.Path(arguments[0]), name, words[name], shells)


if __name__ == "__main__":
    main(sys.argv[1:])
