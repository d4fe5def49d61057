#!/usr/bin/env python3
"""The study file that a plan proposes is one that `track` reads: small PET series at the planned times are put where it says.
plan.json fits its schema. Usage: plan_skeleton.py SOJOURN"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import jsonschema
import numpy
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, PositronEmissionTomographyImageStorage, generate_uid

from support import track

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUESTIONS = {
    "label": 'species = "mouse"\ncells = "cd8-t-activated"\ninfused = 1e7\nwanted = 2e5\nscanner = ["inveon"]\n'
             'scans = ["1 h", "24 h", "72 h"]\nscan_time = "20 min"\n',
    "tracer": 'species = "human"\ncells = "car-t"\nengineered = true\nsee = ["expansion"]\ninfused = 1e8\nwanted = 1e9\n'
              'scans = ["24 h", "7 d"]\nregion = "tumour"\nvolume = "20 mL"\nscanner = ["vision-quadra"]\n',
}


def series(folder, start, half_life_s, mass_kg):
    """Four slices of 1 kBq/mL, decay-corrected to the start of the scan; neither dose nor injection time stated."""
    folder.mkdir(parents=True)
    study, uid, frame = generate_uid(), generate_uid(), generate_uid()
    for k in range(4):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = PositronEmissionTomographyImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        d = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        d.is_little_endian, d.is_implicit_VR = True, False
        d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        d.Modality, d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = "PT", study, uid, frame
        d.PatientWeight = mass_kg
        for name in ("Study", "Series", "Acquisition"):
            setattr(d, name + "Date", start.strftime("%Y%m%d"))
            setattr(d, name + "Time", start.strftime("%H%M%S"))
        d.TimezoneOffsetFromUTC = "+0000"
        d.Units, d.DecayCorrection, d.CorrectedImage = "BQML", "START", ["DECY", "ATTN", "SCAT"]
        d.ActualFrameDuration, d.FrameReferenceTime, d.DecayFactor = "1200000", "0", "1"
        tracer = Dataset()
        tracer.RadionuclideHalfLife = str(half_life_s)
        d.RadiopharmaceuticalInformationSequence = [tracer]
        d.Rows = d.Columns = 8
        d.PixelSpacing, d.SliceThickness = ["2", "2"], "2"
        d.ImagePositionPatient, d.ImageOrientationPatient = ["0", "0", str(2 * k)], ["1", "0", "0", "0", "1", "0"]
        d.InstanceNumber, d.ImageIndex, d.NumberOfSlices = k + 1, k + 1, 4
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.BitsAllocated = d.BitsStored = 16
        d.HighBit, d.PixelRepresentation = 15, 0
        d.RescaleSlope, d.RescaleIntercept = "1", "0"
        d.PixelData = numpy.full((8, 8), 1000, "<u2").tobytes()
        d.save_as(folder / f"{k}.dcm", write_like_original=False)


def check(sojourn, name, text, work, schema):
    question, out = work / f"{name}.toml", work / name
    question.write_text(f'sojourn = 1\n[question]\nid = "{name}"\n{text}')
    subprocess.run([sojourn, "plan", str(question), "-o", str(out), "--quiet"], check=True, capture_output=True)
    plan = json.loads((out / "plan.json").read_text())
    jsonschema.validate(plan, schema)
    study = tomllib.loads((out / "study.toml").read_text()) if sys.version_info >= (3, 11) else None
    best = next(m for m in plan["methods"] if m["feasible"] and m["nuclide"])
    nuclide = json.loads(subprocess.run([sojourn, "catalogue", "show", best["nuclide"], "--json"], check=True,
                                        capture_output=True, text=True).stdout)
    infused = datetime.datetime(2030, 1, 1, 10)
    for i, seconds in enumerate(plan["question"]["scans_s"]):
        delay = 0 if best["labelling_window"] else best["imaging_delay_s"]["value"]
        series(out / "pet" / str(i + 1), infused + datetime.timedelta(seconds=seconds + delay), nuclide["half_life_s"],
               plan["question"]["body_mass_g"] / 1000)
    track(sojourn, out / "study.toml", work / f"{name}_result")
    rows = (work / f"{name}_result" / "activity.tsv").read_text().splitlines()
    if len(rows) < 1 + len(plan["question"]["scans_s"]):
        sys.exit(f"{name}: too few rows in activity.tsv")
    print(f"{name}: {best['id']}, {len(study['scan']) if study else '?'} scans tracked")


def main():
    sojourn = sys.argv[1]
    schema = json.loads((ROOT / "docs/schema/plan.schema.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        for name, text in QUESTIONS.items():
            check(sojourn, name, text, pathlib.Path(folder), schema)


main()
