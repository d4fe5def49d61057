#!/usr/bin/env python3
"""Writes data/dose/outer_shells_2026/outer_shells.tsv: energy that holes in the M and outer shells give off after internal
conversion, from the conversion lines of data/catalogue/nuclides. Usage: scripts/make_outer_shells.py [--check]"""
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "data/dose/outer_shells_2026/outer_shells.tsv"
NOTE = re.compile(r"(M|N and outer) of ([0-9.]+) keV")
SAME_KEV = 0.1  # notes round the transition; its gamma line has the digits


def holes(nuclide):
    """(binding energy, per decay) of each M and outer conversion line."""
    gammas = [e["energy_kev"] for e in nuclide["emission"] if e["type"] == "gamma"]
    for line in nuclide["emission"]:
        found = NOTE.fullmatch(line.get("note", ""))
        if line["type"] != "conversion" or not found:
            continue
        transition = float(found.group(2))
        near = [g for g in gammas if abs(g - transition) < SAME_KEV]
        if near:
            transition = min(near, key=lambda g: abs(g - transition))
        hole = transition - line["energy_kev"]
        if hole > 0.005:
            yield hole, line["intensity"], line["note"]


def main():
    lines = ["# title: Holes in M and outer shells after internal conversion",
             "# made by scripts/make_outer_shells.py",
             "nuclide\tenergy_kev\tper_decay\tnote"]
    for path in sorted((ROOT / "data/catalogue/nuclides").glob("*.toml")):
        nuclide = tomllib.loads(path.read_text())
        for hole, per_decay, note in holes(nuclide):
            lines.append(f"{nuclide['name']}\t{hole:.4g}\t{per_decay:.5g}\t{note}")
    text = "\n".join(lines) + "\n"
    if "--check" in sys.argv:
        if TABLE.read_text() != text:
            sys.exit(f"{TABLE} is out of date; run scripts/make_outer_shells.py")
        return
    TABLE.write_text(text)


if __name__ == "__main__":
    main()
