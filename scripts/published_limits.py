#!/usr/bin/env python3
"""Holds `sojourn plan limit` against what the field reports as detected, and writes docs/published_limits.md.
Usage: published_limits.py SOJOURN OUTPUT.md. Tables: data/plan/published_limits_2026/{limits,assumed}.tsv."""
import csv
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data/plan/published_limits_2026"
HEAD = """# Published detection limits, and what the model says

Written by `scripts/update_docs.sh` from `data/plan/published_limits_2026` and `sojourn plan limit`; do not edit by hand.

*model* is calculated from catalogue rows alone: uptake per cell, background, scanner. The one constant of all nuclear rows
was fitted to `zr89-jurkat-cube` and to nothing else; that of 19F to `cpc-19f-9t` and to the middle of the two doses of
`dc-19f-seen` and `dc-19f-unseen` (`data/plan/noise_2026`). Conditions that a paper does not state are in `assumed.tsv`: such a
comparison tests an order of magnitude. *span* is the ratio at the highest and at the lowest uptake per cell that the sources
give. *bound*: the field reports this number as the limit (about), as seen (detected), as not seen.

"""


def table(name):
    with open(FOLDER / name, encoding="utf-8") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


def stated(row, assumed, column):
    for source in (row, assumed):
        if source.get(column, "n/a") not in ("n/a", "", None):
            return source[column]
    return None


def command(sojourn, row, assumed):
    words = [sojourn, "plan", "limit", "--json", "--method", row["method"]]
    cells = row["cells"] if row["cells"] != "n/a" else None
    options = {
        "--cells": (cells, ""), "--scanner": (stated(row, assumed, "scanner"), ""),
        "--volume": (stated(row, assumed, "volume_ml"), " mL"), "--time": (stated(row, assumed, "scan_minutes"), " min"),
        "--activity-per-million": (stated(row, assumed, "activity_per_million_kbq"), " kBq"),
        "--injected": (stated(row, assumed, "injected_activity_mbq"), " MBq"),
    }
    species = assumed["species"]
    if species != "phantom":
        options["--species"] = (species, "")
    if assumed["region"] != "none":
        options["--region"] = (assumed["region"], "")
    for option, (value, unit) in options.items():
        if value:
            words += [option, value + unit]
    return words


def ask(words):
    run = subprocess.run(words, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(words)}: {run.stderr}")
    return json.loads(run.stdout)


def span(sojourn, method, ratio):
    row = ask([sojourn, "catalogue", "show", method, "--json"])
    uptake = row.get("parameters", {}).get("cell_suv")
    if not uptake or "range" not in uptake:
        return "n/a"
    low, high = uptake["range"]
    return f"{ratio * uptake['value'] / high:.2g} to {ratio * uptake['value'] / low:.2g}"


def main():
    sojourn, output = sys.argv[1], pathlib.Path(sys.argv[2])
    assumed = {row["id"]: row for row in table("assumed.tsv")}
    lines, left_out = [], []
    for row in table("limits.tsv"):
        if row["id"] not in assumed:
            left_out.append(f"`{row['id']}` ({row['method']}, {row['value']}): {row['note']}")
            continue
        answer = ask(command(sojourn, row, assumed[row["id"]]))
        model = answer["cells_per_ml" if row["quantity"] == "cells_per_ml" else "cells"]
        ratio = model / float(row["value"])
        lines.append(f"| `{row['id']}` | {row['use']} | `{row['method']}` | {row['bound']} {float(row['value']):.2g} "
                     f"{row['quantity'].replace('_', ' ')} | {model:.2g} | {ratio:.2g} | "
                     f"{span(sojourn, row['method'], ratio)} | {answer['limited_by']} | {row['citation']} |")
    text = HEAD + "| id | use | method | published | model | model / published | span | limited by | source |\n"
    text += "|---|---|---|---|---|---|---|---|---|\n" + "\n".join(lines)
    text += "\n\n## Not calculated\n\n" + "\n".join(f"- {line}" for line in left_out) + "\n"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")


main()
