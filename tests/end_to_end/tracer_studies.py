#!/usr/bin/env python3
"""Cells by a probe (nobody infused any) and by a reporter gene's tracer, from simulated images through `track`. Usage: tracer_studies.py SOJOURN"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

GIVEN = "2026-03-05T10:00:00Z"
HEAD = """sojourn = 1
[subject]
id = "x1"
species = "{species}"
body_mass = "{mass}"
{infusion}
[[tracer]]
id = "t1"
method = "{method}"
activity = "{activity}"
measured_at = {given}
injected_at = {given}
[regions]
8 = "liver"
11 = "spleen"
"""
SCAN = '[[scan]]\nimage = "{image}.nii.gz"\ntracer = "t1"\nregions = "labels.nii.gz"\npsf_fwhm = ["{fwhm} mm", "{fwhm} mm", "{fwhm} mm"]\n'


def run(sojourn, *words):
    return subprocess.run([sojourn, *map(str, words)], check=True, capture_output=True, text=True)


def image(sojourn, folder, name, subject, organs, scanner, nuclide, method, start, spacing, activity):
    """Activities are those at the injection, in Bq."""
    rows = [f"{hours}\t{organ}\t{bq}" for hours in (0, 200) for organ, bq in organs.items()]
    (folder / "source.tsv").write_text("hours\torgan\tactivity_dc_bq\n" + "\n".join(rows) + "\n")
    run(sojourn, "subject", "image", subject, "--source", folder / "source.tsv", "--scanner", scanner, "--nuclide", nuclide,
        "--method", method, "--start", start, "--duration", "20 min", "--spacing", spacing, "--injected", activity,
        "--infused-at", GIVEN, "-o", folder / f"{name}.nii.gz")
    run(sojourn, "subject", "voxelise", subject, "--spacing", spacing, "-o", folder / "labels.nii.gz")


def tracked(sojourn, folder, text):
    (folder / "study.toml").write_text(text)
    run(sojourn, "track", folder / "study.toml", "-o", folder / "out", "--quiet")
    with open(folder / "out/cells.tsv", newline="") as file:
        rows = {(r["scan"], r["region"]): {k: float(v) for k, v in r.items() if k.startswith("cells") or k == "live_label_fraction"}
                for r in csv.DictReader(file, delimiter="\t")}
    return rows, json.loads((folder / "out/study.json").read_text())


def probe(sojourn, folder):
    """SUV 20 in the spleen, where the catalogue expects 3 without target: nearly all of it is on cells. SUV 5 in the liver is what it
    expects: hardly anything can be said of cells there, and the interval must say so."""
    activity, mass_g = 111e6, 73.7e3
    organs = {"liver": 5 * 1800 * activity / mass_g, "spleen": 20 * 180 * activity / mass_g}
    for hours in (24, 48):
        image(sojourn, folder, f"h{hours}", "adult-male", organs, "vision-quadra", "Zr-89", "cd8-89zr-iab22m2c", f"{hours} h",
              "5 mm", "111 MBq")
    text = HEAD.format(species="human", mass="73.7 kg", infusion="", method="cd8-89zr-iab22m2c", activity="111 MBq", given=GIVEN)
    text = text.replace('11 = "spleen"', '10 = "spleen"')
    rows, _ = tracked(sojourn, folder, text + "".join(SCAN.format(image=f"h{h}", fwhm=4.6) for h in (24, 48)))
    spleen, liver = rows["1", "spleen"], rows["1", "liver"]
    assert set(rows) == {(s, r) for s in "12" for r in ("spleen", "liver")}, rows  # the other labels have no role
    assert spleen["live_label_fraction"] > 0.6, spleen
    assert spleen["cells_lo95"] < spleen["cells_naive"] < spleen["cells_hi95"] * 2, spleen
    assert liver["cells_hi95"] > 30 * liver["cells_lo95"], liver



def reporter(sojourn, folder):
    infusion = '[[infusion]]\ncells = "car-t"\ncount = 1e7\nviability = 0.9\ninfused_at = 2026-03-03T10:00:00Z\nroute = "iv"\n'
    image(sojourn, folder, "pet", "mouse", {"liver": 1.6e5, "spleen": 2e4}, "inveon", "F-18", "nis-18f-tfb", "1 h", "0.8 mm", "5 MBq")
    text = HEAD.format(species="mouse", mass="25 g", infusion=infusion, method="nis-18f-tfb", activity="5 MBq", given=GIVEN)
    rows, _ = tracked(sojourn, folder, text + SCAN.format(image="pet", fwhm=1.6))
    for row in rows.values():  # 1e7 were infused and divide a few times at most; the naive count takes background for cells
        assert 0 < row["cells_lo95"] < row["cells"] < row["cells_hi95"] < 1e9, row
        assert row["cells"] < row["cells_naive"], row


def main():
    for check in (probe, reporter):
        with tempfile.TemporaryDirectory() as folder:
            check(sys.argv[1], pathlib.Path(folder))
        print(f"{check.__name__}: in order")


main()
