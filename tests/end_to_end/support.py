"""What the end-to-end checks share: run the program, read its tables, find the shared images."""
import csv
import os
import pathlib
import subprocess
import sys

SKIPPED = 77  # CTest reports this status as skipped


def shared(*parts):
    """A folder of the shared images, or a skipped test that names it."""
    root = pathlib.Path(os.environ.get("SOJOURN_SHARED") or os.environ["SOJOURN_SHARED_DEFAULT"])
    path = root.joinpath("data", *parts)
    if not path.exists():
        print(f"skipped: no {'/'.join(parts)} in {root}")
        sys.exit(SKIPPED)
    return path


def track(sojourn, study_file, out, expect=0):
    run = subprocess.run([sojourn, "track", str(study_file), "-o", str(out), "--quiet"], capture_output=True, text=True)
    if run.returncode != expect:
        print(run.stdout, run.stderr)
        sys.exit(f"{study_file}: exit status {run.returncode}, expected {expect}")
    return run.stderr


def rows(table):
    with open(table, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def by_region(out, scan=1, frame=1):
    return {r["region"]: r for r in rows(pathlib.Path(out) / "activity.tsv")
            if int(r["scan"]) == scan and int(r["frame"]) == frame}


def near(name, got, want, tolerance, problems):
    ratio = float(got) / want
    print(f"{name}: {float(got):.6g}, independent {want:.6g}, ratio {ratio:.5f}")
    if not abs(ratio - 1) <= tolerance:
        problems.append(name)
