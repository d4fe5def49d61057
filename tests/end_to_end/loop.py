"""The loop: what `simulate` makes of a study, `track` counts again; the truth is beside it.
Usage: loop.py SOJOURN"""
import csv
import os
import subprocess
import sys
import tempfile

SOJOURN = sys.argv[1]
STUDY = """sojourn = 1
[subject]
id = "m09"
species = "mouse"
body_mass = "22 g"
[[infusion]]
cells = "cd8-t"
count = 5e6
viability = 0.92
infused_at = 2026-03-02T10:00:00Z
[label]
method = "zr89-oxine"
activity = "{activity}"
measured_at = 2026-03-02T09:50:00Z
cell_bound_fraction = 0.96
[regions]
1 = "tumour"
[[scan]]
image = "planned/d1"
time = 2026-03-03T10:00:00Z
frame_duration = "20 min"
scanner = "{scanner}"
[[scan]]
image = "planned/d4"
time = 2026-03-06T10:00:00Z
frame_duration = "30 min"
scanner = "{scanner}"
"""


def run(*words, expect=0):
    done = subprocess.run([SOJOURN, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == expect, (words, done.returncode, done.stderr)
    return done


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def keyed(path):
    return {(row["scan"], row["region"]): row for row in rows(path)}


def write(folder, name, scanner="inveon", activity="0.3 MBq"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(STUDY.format(scanner=scanner, activity=activity))
    return path


def check_conservation(sim, out):
    """Noise-free: what the images hold is the truth's activity. The blur takes none away, but what
    it carries over the grid's edge; DICOM's slices are 16 bit; so 0.2 %."""
    truth = keyed(os.path.join(sim, "truth.tsv"))
    seen = keyed(os.path.join(out, "activity.tsv"))
    for scan in ("1", "2"):
        whole = truth[scan, "whole_body"]
        regions = [row for (s, name), row in truth.items() if s == scan and name != "whole_body"]
        for column in ("activity_bq", "live_cells", "volume_ml"):
            total = sum(float(row[column]) for row in regions)
            assert abs(total / float(whole[column]) - 1) < 1e-5, (scan, column, total)
        got, want = float(seen[scan, "whole_body"]["activity_bq"]), float(whole["activity_bq"])
        assert abs(got / want - 1) < 0.002, (scan, got, want)
        parts = sum(float(whole[c]) for c in ("live_label_bq", "dead_label_bq", "free_label_bq"))
        assert abs(parts / want - 1) < 1e-5, (scan, parts, want)
        # The geometric transfer matrix undoes the blur as far as the labels' voxels (0.4 mm) trace
        # surfaces; lungs lie beside a liver of 40 times their concentration.
        for name, tolerance in (("liver", 0.02), ("spleen", 0.03), ("lungs", 0.1)):
            got = float(seen[scan, name]["activity_bq"])
            want = float(truth[scan, name]["activity_bq"])
            assert abs(got / want - 1) < tolerance, (scan, name, got, want)
    decayed = 0.5 ** (24 * 3 / 78.41)  # hours, half-life of Zr-89; label only leaves the body
    first, last = (float(truth[s, "whole_body"]["activity_bq"]) for s in ("1", "2"))
    assert last < first * decayed * 1.01, (first, last)


def counts_held(sim, out):
    truth = keyed(os.path.join(sim, "truth.tsv"))
    held = total = 0
    for row in rows(os.path.join(out, "cells.tsv")):
        true = float(truth[row["scan"], row["region"]]["live_cells"])
        if true <= 0:
            continue  # urine
        total += 1
        held += float(row["cells_lo95"]) <= true <= float(row["cells_hi95"])
    return held, total


def main():
    with tempfile.TemporaryDirectory() as folder:
        at = lambda *names: os.path.join(folder, *names)  # noqa: E731
        study = write(folder, "study.toml")
        run("simulate", study, "-o", at("mean"), "--noise-free", "-q")
        run("track", at("mean", "study.toml"), "-o", at("mean-out"), "-q")
        check_conservation(at("mean"), at("mean-out"))

        # Intervals of 95 %: rows of one study hang together (a shared world), and blood inside
        # organs and their surfaces are not in the counting's model, so four studies are asked for
        # 85 % together; a study whose intervals are half as wide as they should be holds 67 %.
        held = total = 0
        for seed in range(1, 5):
            sim, out = at(f"s{seed}"), at(f"o{seed}")
            run("simulate", study, "-o", sim, "--seed", seed, "-q")
            run("track", os.path.join(sim, "study.toml"), "-o", out, "-q")
            some, all_ = counts_held(sim, out)
            held, total = held + some, total + all_
        print(f"{held} of {total} intervals hold the true cells")
        assert total >= 4 * 2 * 10 and held >= 0.85 * total, (held, total)

        # The same seed gives the same bytes, with any number of threads; another seed another study.
        run("simulate", study, "-o", at("again"), "--seed", 1, "--threads", 1, "-q")
        for name in ("truth.tsv", "study.toml", "pet/scan-01/pet_0040.dcm",
                     "regions/scan-02.nii.gz"):
            with open(at("s1", name), "rb") as a, open(at("again", name), "rb") as b:
                assert a.read() == b.read(), name
        with open(at("s2", "truth.tsv"), "rb") as a, open(at("again", "truth.tsv"), "rb") as b:
            assert a.read() != b.read()

        bad = write(folder, "bad.toml", scanner="invoen")
        assert "inveon" in run("simulate", bad, "-o", at("x"), expect=2).stderr
        bad = write(folder, "bad.toml", activity="0 MBq")
        assert "activity" in run("simulate", bad, "-o", at("x"), expect=2).stderr
        bad = write(folder, "bad.toml", scanner="ivis-bli")
        run("simulate", bad, "-o", at("x"), expect=2)
        run("simulate", study, expect=2)
        run("simulate", study, "-o", at("mean-out"), expect=2)
        assert not os.path.exists(at("x"))
        assert not [name for name in os.listdir(folder) if name.startswith(".")]


main()
