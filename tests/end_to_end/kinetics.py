#!/usr/bin/env python3
"""Curves whose rates are known in closed form through `sojourn kinetics`, and its JSON against the schema. Usage: kinetics.py SOJOURN"""
import csv
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLASMA, K1, K2 = 100.0, 0.1, 0.05  # Bq/mL for ever; per minute
RAMP_S = 1e-3  # plasma rises within this time


def mean(start_s, end_s, k1, k2):
    """Mean of K1/k2 c (1 - e^{-k2 t}) over a frame: a constant plasma from time 0 on."""
    a, b = start_s / 60, end_s / 60
    return k1 / k2 * PLASMA * (1 - (math.exp(-k2 * a) - math.exp(-k2 * b)) / (k2 * (b - a)))


def main():
    sojourn = sys.argv[1]
    schema = json.loads((ROOT / "docs/schema/kinetics.schema.json").read_text())
    frames = [(10 * i, 10) for i in range(6)] + [(60 + 60 * i, 60) for i in range(9)] + [(600 + 300 * i, 300) for i in range(16)]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rows = ["region\tstart_s\tduration_s\tvalue"]
        # the target has the reference's K1/k2 times 1 + BP; its own k2 is K2
        for name, k1, k2 in (("target", K1, K2), ("reference", 0.08, 0.08)):
            rows += [f"{name}\t{s}\t{d}\t{mean(s, s + d, k1, k2)!r}" for s, d in frames]
        rows += [f"pool\t{s}\t{d}\t{PLASMA}" for s, d in frames]
        (folder / "curves.tsv").write_text("\n".join(rows) + "\n")
        (folder / "blood.tsv").write_text(f"time_s\tplasma\tblood\tparent_fraction\n0\t0\t0\t1\n{RAMP_S}\t{PLASMA}\t{PLASMA}\t1\n"
                                          f"6000\t{PLASMA}\t{PLASMA}\t1\n")

        def ask(*options):
            out = subprocess.run([sojourn, "kinetics", str(folder / "curves.tsv"), "--json", *options], check=True, capture_output=True,
                                 text=True).stdout
            answer = json.loads(out)
            jsonschema.validate(answer, schema)
            return {r["model"]: {p["name"]: p["value"] for p in r["parameters"]} for r in answer["results"] if r["region"] == "target"}

        blood = ask("--blood", str(folder / "blood.tsv"), "--blood-fraction", "0", "--model", "1t,2t,2t-irreversible,logan,patlak",
                    "--nuclide", "F-18", "-o", str(folder / "fitted.tsv"), "--regions", "target")
        # the ramp delays the plasma by half a millisecond
        near(blood["1t"]["K1"], K1, 1e-4)
        near(blood["1t"]["k2"], K2, 1e-4)
        near(blood["1t"]["VT"], K1 / K2, 1e-4)
        near(blood["2t"]["VT"], K1 / K2, 1e-2)  # two of its four rates have nothing to show
        near(blood["logan"]["VT"], K1 / K2, 2e-2)  # integrals of frame means over the steep rise
        fitted = (folder / "fitted.tsv").read_text().splitlines()
        assert len(fitted) == 1 + 5 * len(frames) and fitted[0].startswith("region\tmodel\tstart_s"), fitted[:2]
        pool = ask("--input-region", "pool", "--blood-fraction", "0", "--model", "1t", "--regions", "target")
        near(pool["1t"]["VT"], K1 / K2, 2e-2)  # frame means do not know how steeply blood rose
        reference = ask("--reference", "reference", "--model", "srtm,srtm-basis,mrtm,mrtm2,reference-logan,reference-patlak",
                        "--k2-reference", "0.08 1/min", "--start", "10 min")
        for model in ("srtm", "mrtm", "mrtm2", "reference-logan"):
            near(reference[model]["BPND"], K1 / K2 - 1, 2e-2)
    shared = pathlib.Path(os.environ.get("SOJOURN_SHARED") or os.environ.get("SOJOURN_SHARED_DEFAULT", ""))
    checked = real_scans(sojourn, shared / "data" / "kinfitr_pbr28", schema)
    print(f"rates found, JSON fits the schema, {checked} real regions as an independent program has them")


def rows_of(file):
    with open(file, newline="") as stream:
        return list(csv.DictReader(stream))


def spread(row):
    """A frame without weight does not count."""
    weight = float(row["Weights"])
    return repr(weight ** -0.5) if weight > 0 else "n/a"


def real_scans(sojourn, data, schema):
    """[11C]PBR28 with arterial input: V_T of an independent program (see tests/published/kinetics_pbr28_test.cpp)."""
    independent = {"rwrd_1": (3.906635, 5.124057), "mhco_1": (4.212044, 5.094107)}
    if not data.exists():
        return 0
    for scan, wanted in independent.items():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            lines = ["region\tstart_s\tduration_s\tvalue\tsd"]
            for name in ("FC", "THA"):
                for r in rows_of(data / "pbr28_tacdata.csv"):
                    if r["PET"] == scan and float(r["Duration"]) > 0:
                        lines.append(f"{name}\t{r['StartTime']}\t{r['Duration']}\t{r[name]}\t{spread(r)}")
            (folder / "tac.tsv").write_text("\n".join(lines) + "\n")
            lines = ["time_s\tplasma\tblood\tparent_fraction"]
            for r in rows_of(data / "pbr28_blooddata.csv"):
                if r["PET"] == scan:  # the plasma is corrected for metabolites already
                    lines.append(f"{r['Time']}\t{max(0, float(r['Cpl_metabcorr']))}\t{max(0, float(r['Cbl_dispcorr']))}\t1")
            (folder / "blood.tsv").write_text("\n".join(lines) + "\n")
            out = subprocess.run([sojourn, "kinetics", str(folder / "tac.tsv"), "--blood", str(folder / "blood.tsv"), "--extend-blood",
                                  "--delay", "30 s", "--model", "2t", "--json"], check=True, capture_output=True, text=True).stdout
            answer = json.loads(out)
            jsonschema.validate(answer, schema)
            for result, vt in zip(answer["results"], wanted):
                found = {p["name"]: p["value"] for p in result["parameters"]}["VT"]
                near(found, vt, 5e-5)  # as in the test of the library
    return 2 * len(independent)


def near(value, wanted, relative):
    assert abs(value / wanted - 1) < relative, (value, wanted)


main()
