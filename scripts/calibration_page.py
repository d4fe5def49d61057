#!/usr/bin/env python3
"""Writes docs/calibration.md and its figure from the results of `sojourn calibrate`.

Usage: calibration_page.py SOJOURN FOLDER OUT.md
FOLDER holds SCENARIO.json (--json), SCENARIO.rows.tsv (--rows), and SCENARIO.BREAK.json for broken truths."""
import csv
import json
import pathlib
import subprocess
import sys

BINS = 20
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def chosen_rows(path):
    with open(path, newline="") as file:
        return [r for r in csv.DictReader(file, delimiter="\t") if r["chosen"] == "1"]


def histogram(rows):
    counts = [0] * BINS
    for row in rows:
        counts[min(BINS - 1, int(row["rank"]) * BINS // 100)] += 1
    return counts


def svg(panels):
    """A rank histogram for each scenario, with the 95 % band of a uniform one."""
    width, height, per_row = 300, 170, 3
    rows = -(-len(panels) // per_row)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{per_row * width}" height="{rows * height}" '
           f'viewBox="0 0 {per_row * width} {rows * height}" font-family="sans-serif" font-size="11">',
           f'<rect width="{per_row * width}" height="{rows * height}" fill="white"/>']
    for k, (name, counts) in enumerate(panels):
        x0, y0 = (k % per_row) * width + 34, (k // per_row) * height + 28
        w, h = width - 50, height - 58
        n = sum(counts)
        expected = n / BINS
        spread = 1.96 * (expected * (1 - 1 / BINS)) ** 0.5
        most = max(max(counts), expected + spread) * 1.1
        y = lambda v: y0 + h * (1 - v / most)
        out.append(f'<rect x="{x0}" y="{y(expected + spread):.1f}" width="{w}" '
                   f'height="{y(max(0, expected - spread)) - y(expected + spread):.1f}" fill="#ddd"/>')
        for b, count in enumerate(counts):
            out.append(f'<rect x="{x0 + b * w / BINS + 0.5:.1f}" y="{y(count):.1f}" width="{w / BINS - 1:.1f}" '
                       f'height="{y0 + h - y(count):.1f}" fill="{COLOURS[k % len(COLOURS)]}"/>')
        out.append(f'<line x1="{x0}" x2="{x0 + w}" y1="{y0 + h}" y2="{y0 + h}" stroke="#333"/>')
        out.append(f'<text x="{x0}" y="{y0 - 10}" font-weight="bold">{name}</text>')
        out.append(f'<text x="{x0 - 4}" y="{y(expected) + 4:.1f}" text-anchor="end">{expected:.0f}</text>')
        out.append(f'<text x="{x0}" y="{y0 + h + 14}">0</text><text x="{x0 + w}" y="{y0 + h + 14}" text-anchor="end">99</text>')
        out.append(f'<text x="{x0 + w / 2}" y="{y0 + h + 14}" text-anchor="middle">rank of the truth</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    sojourn, folder, page = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    listed = json.loads(subprocess.run([sojourn, "calibrate", "--list", "--json"], check=True, capture_output=True, text=True).stdout)
    done = [(s, json.loads((folder / f"{s['id']}.json").read_text())) for s in listed["scenarios"]
            if (folder / f"{s['id']}.json").exists()]
    figure = page.parent / "figures/calibration_ranks.svg"
    figure.write_text(svg([(s["id"], histogram(chosen_rows(folder / f"{s['id']}.rows.tsv"))) for s, _ in done]))
    lines = ["# Calibration: do intervals hold what they promise", "",
             "Written by `scripts/calibration_page.py` from `sojourn calibrate SCENARIO --studies 500`. Truths are drawn from the priors below, "
             "measured with the scenario's errors, and inferred again; the scenario files (`data/calibration/scenarios_2026`) were committed before any result. "
             "Coverage and ranks are those of one region and time per study, drawn at random, so that studies count once; a failed sampling is a miss. "
             "What this cannot show: whether priors and model are those of nature.", "",
             "| scenario | studies | failed | 95 % intervals hold | 50 % intervals hold | all rows 95 / 50 % | ranks, p | core s a study |",
             "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for s, r in done:
        lines.append(f"| {s['title']} | {r['studies']:.0f} | {r['failed']:.0f} | {100 * r['coverage_95']:.1f} ± {100 * r['coverage_95_se']:.1f} % | "
                     f"{100 * r['coverage_50']:.1f} % | {100 * r['coverage_95_all_rows']:.1f} / {100 * r['coverage_50_all_rows']:.1f} % | "
                     f"{r['rank_p']:.2g} | {r['core_seconds_per_study']:.2f} |")
    lines += ["", "±: binomial standard error of the nominal 95 %.", "",
              "![Ranks of truths among posterior draws; grey: 95 % band of uniform ranks](figures/calibration_ranks.svg)", "",
              "## Against what people do", "",
              "Median of |ln(estimate / truth)| over all regions and times; estimates and truths not under one cell. Naive: activity over that of a cell when "
              "infused (a tracer: over a cell's usual uptake). Growth-corrected: the same times what a growth assay says (a tracer: less the usual background).", "",
              "| scenario | posterior | growth-corrected | naive | posterior over naive |", "|---|--:|--:|--:|--:|"]
    for s, r in done:
        ratio = r["median_log_error"] / r["naive_median_log_error"]
        lines.append(f"| {s['title']} | {r['median_log_error']:.3f} | {r['middle_median_log_error']:.3f} | {r['naive_median_log_error']:.3f} | {ratio:.2f} |")
    broken = []
    for s, _ in done:
        for what in ("residence", "populations", "delay", "recovery"):
            file = folder / f"{s['id']}.{what}.json"
            if file.exists():
                broken.append((s, what, json.loads(file.read_text())))
    if broken:
        lines += ["", "## Truths that break the model", "",
                  "residence: stays in organs gamma-distributed in three stages; populations: a third of the label leaks five times as fast, the rest at 0.4 of the rate; "
                  "delay: dead cells release a day late; recovery: every region but the whole body reads 20 % low.", "",
                  "| scenario | truth | studies | 95 % intervals hold | all rows | misfit flagged | held or flagged |", "|---|---|--:|--:|--:|--:|--:|"]
        for s, what, r in broken:
            lines.append(f"| {s['title']} | {what} | {r['studies']:.0f} | {100 * r['coverage_95']:.1f} % | {100 * r['coverage_95_all_rows']:.1f} % | "
                         f"{100 * r['misfit_share']:.1f} % | {100 * r['held_or_flagged_95']:.1f} % |")
    lines += ["", "## Priors", "", "Median and 95 % interval of every unknown; sources stand in the scenario files, the catalogue and `data/fate`."]
    for s, _ in done:
        lines += ["", f"### {s['title']}", "", "| unknown | median | 95 % |", "|---|--:|--:|"]
        lines += [f"| {p['name']} | {p['median']:.3g} | {p['lo95']:.3g} – {p['hi95']:.3g} |" for p in s["priors"]]
    page.write_text("\n".join(lines + [""]))


main()
