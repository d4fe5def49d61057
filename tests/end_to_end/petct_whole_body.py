#!/usr/bin/env python3
"""A real whole-body FDG PET/CT: SUV per region against a calculation of its own with pydicom; the PROPCNTS series beside
it is refused. Usage: petct_whole_body.py SOJOURN"""
import datetime
import pathlib
import sys
import tempfile

import numpy
import pydicom

from support import by_region, near, shared, track


def load(folder):
    """Voxels in Bq/mL [z, y, x], the position of voxel centres, and one header."""
    slices = [pydicom.dcmread(f) for f in sorted(folder.iterdir())]
    slices.sort(key=lambda s: float(s.ImagePositionPatient[2]))
    values = numpy.stack([s.pixel_array.astype(float) * float(s.RescaleSlope) + float(s.RescaleIntercept)
                          for s in slices])
    first = slices[0]
    z = numpy.array([float(s.ImagePositionPatient[2]) for s in slices])
    spacing = [float(v) for v in first.PixelSpacing]
    x = float(first.ImagePositionPatient[0]) + spacing[1] * numpy.arange(first.Columns)
    y = float(first.ImagePositionPatient[1]) + spacing[0] * numpy.arange(first.Rows)
    return values, x, y, z, first


def clock(text):
    text = text.split(".")[0].ljust(6, "0")
    return datetime.timedelta(hours=int(text[:2]), minutes=int(text[2:4]), seconds=int(text[4:6])).total_seconds()


def suv_factor(header):
    given = header.RadiopharmaceuticalInformationSequence[0]
    elapsed = clock(header.SeriesTime) - clock(given.RadiopharmaceuticalStartTime)
    dose = float(given.RadionuclideTotalDose) * 2 ** (-elapsed / float(given.RadionuclideHalfLife))
    return float(header.PatientWeight) * 1000 / dose


def box_weights(centres, low, high):
    """Part of each voxel inside [low, high] along one axis."""
    half = abs(centres[1] - centres[0]) / 2
    return numpy.clip(numpy.minimum(centres + half, high) - numpy.maximum(centres - half, low), 0, None) / (2 * half)


def main():
    sojourn = sys.argv[1]
    data = shared("petct_wb")
    values, x, y, z, header = load(data / "PT_PET_AC")
    factor = suv_factor(header)
    suv = values * factor
    low = [x[40] - (x[1] - x[0]) / 2 + 0.7, y[45] + 1.1, z[30] + 0.4]
    high = [x[90] + 0.3, y[80] - 0.9, z[60] + 1.3]
    study = f"""sojourn = 1
[subject]
id = "wb"
species = "human"
[[scan]]
image = "{data / 'PT_PET_AC'}"
anatomy = "{data / 'CT_CT_IMAGES'}"
[segment.box]
method = "box"
min = ["{low[0]} mm", "{low[1]} mm", "{low[2]} mm"]
max = ["{high[0]} mm", "{high[1]} mm", "{high[2]} mm"]
[segment.avid]
method = "threshold"
above_suv = 2.5
[segment.avid_in_box]
method = "threshold"
above_suv = 1.5
within = "box"
[segment.body]
method = "body"
[segment.lung]
method = "lung"
"""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "study.toml").write_text(study)
        track(sojourn, folder / "study.toml", folder / "out")
        found = by_region(folder / "out")
        weights = (box_weights(z, low[2], high[2])[:, None, None] * box_weights(y, low[1], high[1])[None, :, None]
                   * box_weights(x, low[0], high[0])[None, None, :])
        near("box SUVmean", found["box"]["suv_mean"], (suv * weights).sum() / weights.sum(), 1e-3, problems)
        near("avid SUVmean", found["avid"]["suv_mean"], suv[suv > 2.5].mean(), 1e-3, problems)
        near("avid SUVmax", found["avid"]["suv_max"], suv.max(), 1e-3, problems)
        voxel_ml = abs((x[1] - x[0]) * (y[1] - y[0]) * (z[1] - z[0])) / 1000
        near("avid volume mL", found["avid"]["volume_ml"], (suv > 2.5).sum() * voxel_ml, 1e-3, problems)
        inside = weights * (suv > 1.5)
        near("avid_in_box SUVmean", found["avid_in_box"]["suv_mean"], (suv * inside).sum() / inside.sum(), 1e-3, problems)
        near("field of view SUVmean", found["field_of_view"]["suv_mean"], suv.mean(), 1e-3, problems)
        body = float(found["body"]["volume_ml"])
        if not 25_000 < body < 60_000:  # 91 kg subject, of whom the three bed positions show 44 cm
            problems.append(f"body volume {body} mL")
        if not 1_500 < float(found["lung"]["volume_ml"]) < 9_000:
            problems.append(f"lung volume {found['lung']['volume_ml']} mL")
        (folder / "nac.toml").write_text(study.replace("PT_PET_AC", "PT_PET_NAC"))
        message = track(sojourn, folder / "nac.toml", folder / "nac", expect=2)
        if "PROPCNTS" not in message or (folder / "nac" / "activity.tsv").exists():
            problems.append("PROPCNTS not refused with its reason: " + message)
    sys.exit(f"wrong: {problems}" if problems else 0)


main()
