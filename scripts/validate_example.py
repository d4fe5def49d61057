#!/usr/bin/python3
"""Holds the tracked example against its truth: noise-free, and with noise over many seeds.

Usage: validate_example.py SOJOURN [--seeds N] [--write docs/validation.md] [--check]
--check ends with status 1 where a figure that the project promises is missed."""
import argparse
import csv
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import nibabel
import numpy



def wide_organs(study, width_mm):
    """Regions of the label map that hold a sphere of the given diameter."""
    labels = nibabel.load(study / "regions/d0.nii.gz")
    values, spacing = numpy.asarray(labels.dataobj), numpy.array(labels.header.get_zooms()[:3])
    names = dict(re.findall(r'^(\d+) = "(\w+)"', (study / "study.toml").read_text(), re.M))
    names.update(re.findall(r'^\[regions\.(\d+)\]\nname = "(\w+)"', (study / "study.toml").read_text(), re.M))
    radius = width_mm / 2
    reach = numpy.ceil(radius / spacing).astype(int)
    steps = numpy.stack(numpy.meshgrid(*[numpy.arange(-r, r + 1) for r in reach], indexing="ij"), -1).reshape(-1, 3)
    ball = steps[(((steps * spacing) ** 2).sum(1)) <= radius ** 2]
    wide = set()
    for value, name in names.items():
        inside = values == int(value)
        if inside.sum() < len(ball):
            continue
        corner = numpy.argwhere(inside)
        low, high = corner.min(0), corner.max(0) + 1
        part = numpy.pad(inside[tuple(slice(a, b) for a, b in zip(low, high))], [(r, r) for r in reach])
        left = numpy.argwhere(part)
        for step in ball:  # erosion: centres whose whole sphere is inside
            left = left[part[tuple((left + step).T)]]
            if not len(left):
                break
        if len(left):
            wide.add(name)
    return wide


def fwhm_mm(study):
    """The widest side of the scanner's blur, as the study file has it."""
    found = re.search(r'psf_fwhm = \[(.*)\]', (study / "study.toml").read_text()).group(1)
    return max(float(x) for x in re.findall(r'"([\d.]+) mm"', found))


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def number(text):
    return math.nan if text in ("n/a", "") else float(text)


def run(sojourn, folder, *flags):
    """Makes and tracks one example; returns rows that pair each organ-time with its truth."""
    subprocess.run([sojourn, "example", "-o", str(folder / "ex"), "--quiet", *flags], check=True, capture_output=True)
    subprocess.run([sojourn, "track", str(folder / "ex/study.toml"), "-o", str(folder / "out"), "--quiet"], check=True,
                   capture_output=True)
    key = lambda row: (row["scan"], row["region"])
    truth = {key(r): r for r in table(folder / "ex/truth.tsv")}
    cells = {key(r): r for r in table(folder / "out/cells.tsv")}
    corrected = {key(r): r for r in table(folder / "out/partial_volume.tsv")}
    paired = []
    for row in table(folder / "out/activity.tsv"):
        true = truth.get(key(row))
        if true is None:
            continue
        recovery_sd = number(corrected[key(row)]["recovery_relative_sd"]) if key(row) in corrected else 0.0
        activity = number(row["activity_bq"])
        sd = math.sqrt(number(row["noise_bq"]) ** 2 + (0.05 * activity) ** 2 + (recovery_sd * activity) ** 2)
        count = cells.get(key(row))
        uncorrected = number(corrected[key(row)]["activity_uncorrected_bq"]) if key(row) in corrected else activity
        paired.append({
            "scan": row["scan"], "hours": number(row["hours"]), "region": row["region"],
            "true": number(true["activity_bq"]), "activity": activity, "uncorrected": uncorrected, "sd": sd,
            "noise": number(row["noise_bq"]), "limit": number(row["detection_limit_bq"]),
            "true_cells": number(true["live_cells"]),
            "cells": number(count["cells"]) if count else math.nan,
            "lo": number(count["cells_lo95"]) if count else math.nan,
            "hi": number(count["cells_hi95"]) if count else math.nan,
            "naive": number(count["cells_naive"]) if count else math.nan,
        })
    return paired


def relative(got, want):
    return (got - want) / want if want else math.nan


def organ_table(noise_free, seeds):
    """Lines of Markdown: one for each organ and time, every organ, the bad ones too."""
    lines = ["| region | h | true kBq | error, uncorrected | error, corrected | 95 % holds | true cells | error, naive | "
             "error, corrected | 95 % holds |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for row in noise_free:
        same = [r for s in seeds for r in s if (r["scan"], r["region"]) == (row["scan"], row["region"])]
        held = sum(abs(r["activity"] - r["true"]) <= 1.96 * r["sd"] for r in same)
        cell_error = statistics.median(relative(r["cells"], r["true_cells"]) for r in same) if same else math.nan
        naive_error = statistics.median(relative(r["naive"], r["true_cells"]) for r in same) if same else math.nan
        cell_held = sum(r["lo"] <= r["true_cells"] <= r["hi"] for r in same)
        percent = lambda x: "n/a" if math.isnan(x) else f"{100 * x:+.1f} %"
        counted = not math.isnan(row["cells"])
        lines.append(f"| {row['region']} | {row['hours']:.1f} | {row['true'] / 1000:.4g} | "
                     f"{percent(relative(row['uncorrected'], row['true']))} | {percent(relative(row['activity'], row['true']))} | "
                     f"{held}/{len(same)} | {row['true_cells']:.3g} | {percent(naive_error)} | {percent(cell_error)} | "
                     f"{f'{cell_held}/{len(same)}' if counted else 'n/a'} |")
    return lines


def summary(noise_free, seeds, wide):
    """(name, value, limit, passed) of each promised figure."""
    figures = []
    whole = max(abs(relative(r["activity"], r["true"])) for r in noise_free if r["region"] == "whole_body")
    figures.append(("whole body, noise-free: largest error", whole, 0.01))
    organs = [r for r in noise_free if r["region"] != "whole_body"]
    figures.append(("organs wider than 4 FWHM, noise-free: largest error",
                    max(abs(relative(r["activity"], r["true"])) for r in organs if r["region"] in wide), 0.03))
    figures.append(("other organs, noise-free, corrected: largest error",
                    max(abs(relative(r["activity"], r["true"])) for r in organs if r["region"] not in wide), 0.10))
    result = [(n, v, f"<= {limit:.0%}", v <= limit) for n, v, limit in figures]
    if seeds:
        every = [r for s in seeds for r in s if r["region"] != "whole_body"]
        held = sum(abs(r["activity"] - r["true"]) <= 1.96 * r["sd"] for r in every) / len(every)
        result.append((f"activity intervals that hold the truth, {len(seeds)} seeds", held, ">= 85%", held >= 0.85))
        narrow = sum(abs(r["activity"] - r["true"]) <= 1.96 * r["noise"] for r in every) / len(every)
        result.append(("the same for counting noise alone (for information)", narrow, "-", True))
        for region in ("liver", "spleen", "whole_body"):
            rows = [r for s in seeds for r in s if r["region"] == region]
            # the mean over the three times: the naive count of the liver crosses the truth at a day, by luck
            ours = statistics.mean(abs(relative(r["cells"], r["true_cells"])) for r in rows)
            naive = statistics.mean(abs(relative(r["naive"], r["true_cells"])) for r in rows)
            result.append((f"living cells, {region}: mean error (naive: {naive:.1%})", ours, "< naive", ours < naive))
        counted = [r for s in seeds for r in s if not math.isnan(r["cells"])]
        held = sum(r["lo"] <= r["true_cells"] <= r["hi"] for r in counted) / len(counted)
        result.append(("cell intervals that hold the truth", held, ">= 85%", held >= 0.85))
    return result


CAVEATS = (
    "How favourable this is. Regions and truth are the same solids on one lattice, uptake is uniform inside each region, and the "
    "correction knows the scanner's blur: real organs are none of that. In particular the skeleton of the example has one "
    "concentration; with marrow cells and bone label apart, the corrected errors were +36 % (skeleton), +84 to +489 % (brain, inside the "
    "skull) and -33 to +25 % (body_rest). Noise is Poisson with the scanner's correlation, without what reconstruction adds. "
    "The study file states the true shares of blood and nodes inside their regions. The culture assays see the true rates but not the pulse of death. "
    "That debris stays where cells died, and that cells infused dead go to liver and spleen, was built into the model after a look at "
    "the lungs and the liver of this example; that stomach and gut share one compartment, after a look at the stomach.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sojourn")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--write")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        noise_free = run(options.sojourn, tmp / "free", "--noise-free")
        wide = wide_organs(tmp / "free/ex", 4 * fwhm_mm(tmp / "free/ex"))
        seeds = [run(options.sojourn, tmp / f"s{seed}", "--seed", str(seed)) for seed in range(1, options.seeds + 1)]
    figures = summary(noise_free, seeds, wide)
    for name, value, limit, passed in figures:
        print(f"{'ok  ' if passed else 'MISS'} {name}: {value:.2%} (asked {limit})")
    if options.write:
        page = ["# Validation: the example against its truth", "",
                "Written by `scripts/validate_example.py`. Errors are (found − true)/true. Activity errors are of the noise-free example, "
                "before and after the partial-volume correction; cell errors are medians over "
                f"{options.seeds} seeds with noise; the columns of counts say in how many of them a 95 % interval held the truth "
                "(activity: counting noise, 5 % calibration and recovery together).", "",
                "The truth uses rates that differ from the catalogue's and a pulse of cell death, so that the model that counts "
                "cells is not the one that made them.", "", CAVEATS, "", "| figure | found | asked |", "|---|--:|--:|"]
        page += [f"| {name} | {value:.2%} | {limit} |" for name, value, limit, _ in figures]
        page += ["", f"Organs wider than 4 FWHM: {', '.join(sorted(wide))}.", "", *organ_table(noise_free, seeds), ""]
        pathlib.Path(options.write).write_text("\n".join(page))
    if options.check and not all(passed for *_, passed in figures):
        sys.exit(1)


main()
