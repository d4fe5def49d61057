#!/usr/bin/env python3
"""study.json of real runs against its schema; only subject.id, no other identity, reaches any output. Usage: schema.py SOJOURN"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

from support import track

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    sojourn = sys.argv[1]
    schema = json.loads((ROOT / "docs/schema/study.schema.json").read_text())
    checked = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sojourn, "example", "-o", str(folder / "ex"), "--quiet"], check=True, capture_output=True)
        studies = {"example": folder / "ex" / "study.toml"}
        shared = pathlib.Path(os.environ.get("SOJOURN_SHARED") or os.environ["SOJOURN_SHARED_DEFAULT"])
        wb = shared / "data" / "petct_wb" / "PT_PET_AC"
        if wb.exists():
            (folder / "wb.toml").write_text(f'sojourn = 1\n[subject]\nid = "x1"\nspecies = "human"\n[[scan]]\nimage = "{wb}"\n')
            studies["whole body"] = folder / "wb.toml"
        for name, study in studies.items():
            out = folder / name.replace(" ", "_")
            track(sojourn, study, out)
            jsonschema.validate(json.loads((out / "study.json").read_text()), schema)
            if name == "whole body":
                check_identity(wb, out)
            checked += 1
    printed = subprocess.run([sojourn, "calibrate", "cd8-minibody-man", "--studies", "20", "--quiet", "--json"], check=True,
                             capture_output=True, text=True).stdout
    jsonschema.validate(json.loads(printed), json.loads((ROOT / "docs/schema/calibration.schema.json").read_text()))
    print(f"{checked} studies and a calibration fit their schemas")


def check_identity(folder, out):
    """No name, number, birth date or UID of the header in any text that was written."""
    import pydicom

    header = pydicom.dcmread(next(folder.iterdir()), stop_before_pixels=True)
    words = [str(header.get(tag, "")) for tag in ("PatientName", "PatientID", "PatientBirthDate", "AccessionNumber",
                                                  "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID",
                                                  "FrameOfReferenceUID", "ReferringPhysicianName", "InstitutionName")]
    for file in out.rglob("*"):
        if not file.is_file() or file.suffix == ".gz":
            continue
        text = file.read_text(errors="replace")
        for word in words:
            if len(word) > 3 and word in text:
                sys.exit(f"{file.name} holds an identity of the header")


main()
