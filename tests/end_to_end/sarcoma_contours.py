#!/usr/bin/env python3
"""Real sarcoma PET/CT: a region from RTSTRUCT contours, on the PET and on the CT grid, agrees with the voxel mask of the same
region in NIfTI (volume 2 %, SUVmean 1 %); the DICOM and the NIfTI of the same crop agree. Usage: sarcoma_contours.py SOJOURN"""
import pathlib
import sys
import tempfile

import nibabel
import numpy

from support import by_region, near, shared, track

PATIENTS = ["STS_002", "STS_003", "STS_006"]


def study_text(name, image, regions, extra=""):
    return f"""sojourn = 1
[subject]
id = "{name}"
species = "human"
{extra if extra.startswith('body_mass') else ''}
[[scan]]
image = "{image}"
regions = "{regions}"
{'' if extra.startswith('body_mass') else extra}
"""


def main():
    sojourn = sys.argv[1]
    problems = []
    for patient in PATIENTS:
        dicom = shared("ibsi_sts", "dicom", patient)
        nifti = shared("ibsi_sts", "nifti", patient)
        image = nibabel.load(nifti / "PET_image.nii.gz")
        mask = nibabel.load(nifti / "PET_mask.nii.gz").get_fdata() > 0.5
        suv = image.get_fdata()
        volume = mask.sum() * abs(numpy.linalg.det(image.affine[:3, :3])) / 1000
        mean = suv[mask].mean()
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for grid in ("PET", "CT"):
                contours = next((dicom / grid / "mask").iterdir())
                (folder / "s.toml").write_text(study_text(patient, dicom / "PET" / "image", contours))
                track(sojourn, folder / "s.toml", folder / grid)
                found = {k: v for k, v in by_region(folder / grid).items() if "GTV" in k}
                if len(found) != 1:
                    problems.append(f"{patient} {grid}: regions {list(found)}")
                    continue
                row = next(iter(found.values()))
                near(f"{patient} contours on {grid}: volume mL", row["volume_ml"], volume, 0.02, problems)
                near(f"{patient} contours on {grid}: SUVmean", row["suv_mean"], mean, 0.01, problems)
            dicom_whole = by_region(folder / "PET")["field_of_view"]
            near(f"{patient} DICOM crop SUVmean against NIfTI", dicom_whole["suv_mean"], suv.mean(), 1e-3, problems)
            near(f"{patient} DICOM crop SUVmax against NIfTI", dicom_whole["suv_max"], suv.max(), 1e-3, problems)
    sys.exit(f"wrong: {problems}" if problems else 0)


main()
