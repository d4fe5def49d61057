#!/usr/bin/env python3
"""One picture through different doors: the example's PET as DICOM, NIfTI with a BIDS sidecar, enhanced multi-frame PET,
Concorde, NM with a calibration, a dynamic NIfTI, and two mice in one bed. Each gives the activity that the DICOM series
gives. Usage: formats.py SOJOURN"""
import copy
import datetime
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

import nibabel
import numpy
import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from support import by_region, rows, track

HALF_LIFE_S = 282276.0  # of Zr-89, as the example's header writes it
AFTER_S = 4 * 3600.0    # the example's first scan, after the infusion at 10:15
LENGTH_S = 900.0
DOSE_BQ = 247608.370560471
TOLERANCE = 1e-3


class Picture:
    """The example's first PET series: Bq/mL at 14:15 as [k, j, i], and where it lies (LPS)."""

    def __init__(self, folder):
        slices = sorted((pydicom.dcmread(f) for f in folder.iterdir()), key=lambda s: float(s.ImagePositionPatient[2]))
        self.header = slices[0]
        self.values = numpy.stack([s.pixel_array * float(s.RescaleSlope) for s in slices]).astype("float32")
        self.spacing = [0.5, 0.5, 0.5]
        self.origin = [float(v) for v in self.header.ImagePositionPatient]

    def affine(self):
        """RAS: the first two axes of LPS turn round."""
        a = numpy.diag([-self.spacing[0], -self.spacing[1], self.spacing[2], 1.0])
        a[:3, 3] = [-self.origin[0], -self.origin[1], self.origin[2]]
        return a


def as_nifti(picture, file, frames, starts, lengths, **changed):
    data = numpy.stack([f.transpose(2, 1, 0) for f in frames], axis=-1)
    image = nibabel.Nifti1Image(data[..., 0] if len(frames) == 1 else data, picture.affine())
    image.header.set_xyzt_units("mm", "sec")
    nibabel.save(image, file)
    sidecar = {"Units": "Bq/mL", "TracerName": "oxine", "TracerRadionuclide": "Zr89", "BodyWeight": 0.0214,
               "InjectedRadioactivity": DOSE_BQ / 1e6, "InjectedRadioactivityUnits": "MBq", "TimeZero": "10:15:00",
               "InjectionStart": 0, "ScanStart": AFTER_S, "FrameTimesStart": starts, "FrameDuration": lengths,
               "ImageDecayCorrected": True, "ImageDecayCorrectionTime": AFTER_S, **changed}
    file.with_name(file.name.replace(".nii.gz", ".json")).write_text(json.dumps(sidecar))


def shell(picture, sop_class):
    """A data set with the example's tracer and without its pixels."""
    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    data.is_little_endian, data.is_implicit_VR = True, False
    for name in ("StudyDate", "SeriesDate", "AcquisitionDate", "StudyTime", "SeriesTime", "AcquisitionTime", "Modality",
                 "Manufacturer", "PatientName", "PatientID", "PatientWeight", "StudyInstanceUID", "FrameOfReferenceUID",
                 "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "TimezoneOffsetFromUTC"):
        setattr(data, name, getattr(picture.header, name))
    data.RadiopharmaceuticalInformationSequence = copy.deepcopy(picture.header.RadiopharmaceuticalInformationSequence)
    data.SOPClassUID, data.SOPInstanceUID, data.SeriesInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID, generate_uid()
    data.NumberOfFrames = len(picture.values)
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 0
    return data


def item(**fields):
    made = Dataset()
    for name, value in fields.items():
        setattr(made, name, value)
    return Sequence([made])


def frame_mean(start_s, length_s):
    """Mean activity over a frame, of the activity at the start of the scan."""
    rate = math.log(2) / HALF_LIFE_S
    return math.exp(-rate * (start_s - AFTER_S)) * -math.expm1(-rate * length_s) / (rate * length_s)


def as_enhanced(picture, file, dose, times=None):
    """Enhanced PET: dose in MBq, each frame its own slope, order of frames shuffled. With `times` (start, length) a
    dynamic scan that is not corrected for decay."""
    data = shell(picture, "1.2.840.10008.5.1.4.1.1.130")
    data.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    data.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = f"{dose:.9g}"
    data.DecayCorrected, data.DecayCorrectionDateTime = "YES", "20260302141500"
    if times:
        data.DecayCorrected = "NO"
        del data.DecayCorrectionDateTime
    data.AttenuationCorrected = "YES"
    unit = item(CodeValue="Bq/ml", CodingSchemeDesignator="UCUM", CodeMeaning="Becquerels/milliliter")
    shared = Dataset()
    shared.PixelMeasuresSequence = item(PixelSpacing=[0.5, 0.5], SliceThickness=0.5)
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    planes = [(k, n) for k in range(len(picture.values)) for n in range(len(times or [0]))]
    data.NumberOfFrames = len(planes)
    frames, pixels = [], []
    for k, n in numpy.random.default_rng(3).permutation(planes):
        start, length = times[n] if times else (AFTER_S, LENGTH_S)
        values = picture.values[k] * (frame_mean(start, length) if times else 1.0)
        slope = max(float(values.max()), 1e-6) / 60000
        pixels.append(numpy.round(values / slope).astype("<u2"))
        frame = Dataset()
        clock = datetime.datetime(2026, 3, 2, 10, 15) + datetime.timedelta(seconds=start)
        frame.FrameContentSequence = item(FrameAcquisitionDateTime=clock.strftime("%Y%m%d%H%M%S"),
                                          FrameAcquisitionDuration=1000 * length, TemporalPositionIndex=int(n) + 1)
        x, y, z = picture.origin
        frame.PlanePositionSequence = item(ImagePositionPatient=[x, y, z + 0.5 * float(k)])
        frame.PixelValueTransformationSequence = item(RescaleIntercept="0", RescaleSlope="1", RescaleType="US")
        frame.RealWorldValueMappingSequence = item(RealWorldValueIntercept=0.0, RealWorldValueSlope=slope,
                                                   MeasurementUnitsCodeSequence=unit)
        frames.append(frame)
    data.SharedFunctionalGroupsSequence, data.PerFrameFunctionalGroupsSequence = Sequence([shared]), Sequence(frames)
    data.PixelData = numpy.stack(pixels).tobytes()
    data.save_as(file, write_like_original=False)


def as_nm(picture, file, counts_per_bq_ml):
    """Reconstructed SPECT: counts as integers, feet below."""
    data = shell(picture, "1.2.840.10008.5.1.4.1.1.20")
    data.Modality, data.ImageType = "NM", ["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"]
    data.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = f"{DOSE_BQ / 1e6:.9g}"
    data.FrameIncrementPointer = 0x00540080
    data.SliceVector = list(range(1, len(picture.values) + 1))
    data.PixelSpacing, data.SliceThickness, data.SpacingBetweenSlices = [0.5, 0.5], 0.5, 0.5
    data.DetectorInformationSequence = item(ImagePositionPatient=picture.origin, ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    data.RotationInformationSequence = item(ActualFrameDuration=15000, NumberOfFramesInRotation=60)
    data.PixelData = numpy.round(picture.values * counts_per_bq_ml).astype("<u2").tobytes()
    data.save_as(file, write_like_original=False)


def as_concorde(picture, file, branching):
    """Pixels in nCi/cc before the branching fraction; head first, supine, so that k runs to the feet."""
    slope = 37.0 / branching * 2.5
    file.write_bytes((picture.values[::-1] / slope).astype("<f4").tobytes())
    n = picture.values.shape
    file.with_name(file.name + ".hdr").write_text(f"""#
# Header file for data file
version 001.910
model 5000
modality 0
file_type 5
data_type 4
total_frames 1
x_dimension {n[2]}
y_dimension {n[1]}
z_dimension {n[0]}
pixel_size 0.05
pixel_size_x 0.5
pixel_size_y 0.5
pixel_size_z 0.5
subject_orientation 4
isotope Zr-89
isotope_half_life {HALF_LIFE_S}
isotope_branching_fraction {branching}
calibration_units 1
calibration_factor 2.5
dose {DOSE_BQ / 1e6}
dose_units 2
injection_time Mon Mar  2 10:15:00 2026
scan_time Mon Mar  2 14:15:00 2026
subject_weight 21.4
subject_weight_units 1
decay_correction_applied 1
attenuation_applied 1
end_of_header
frame 0
frame_start 0
frame_duration {LENGTH_S:g}
scale_factor 1
end_of_header
""")


def shift_labels(file, to, by_lps_mm):
    labels = nibabel.load(file)
    affine = labels.affine.copy()
    affine[:3, 3] += [-by_lps_mm[0], -by_lps_mm[1], by_lps_mm[2]]
    nibabel.save(nibabel.Nifti1Image(numpy.asanyarray(labels.dataobj), affine), to)


class Doors:
    def __init__(self, sojourn, work, example):
        self.sojourn, self.work, self.problems = sojourn, work, []
        text = (example / "study.toml").read_text()
        head, *scans = text.split("[[scan]]")
        self.head = head.replace('"assays/', f'"{example}/assays/')
        self.regions = example / "regions" / "d0.nii.gz"
        self.psf = 'psf_fwhm = ["1.48 mm", "1.48 mm", "1.15 mm"]\ncoverage = "whole-body"\nbackground = ["body_rest"]\n'

    def study(self, name, image, lines="", regions=None, head=None, tail=""):
        file = self.work / f"{name}.toml"
        file.write_text(f'{head or self.head}\n[[scan]]\nimage = "{image}"\nregions = "{regions or self.regions}"\n'
                        f"{self.psf}{lines}\n{tail}")
        return file

    def run(self, name, image, expect=0, **study):
        out = self.work / f"{name}.out"
        return out, track(self.sojourn, self.study(name, image, **study), out, expect=expect)

    def compare(self, name, out, plain, tolerance=TOLERANCE, columns=("activity_bq", "activity_dc_bq", "percent_id", "suv_mean")):
        found, worst = by_region(out), 0.0
        if set(found) != set(plain):
            self.problems.append(f"{name}: other regions")
        for region, want in plain.items():
            for column in columns:
                # A region almost without activity: rounding of the stored integers counts against the whole picture.
                slack = 1e-6 * max(abs(float(r[column])) for r in plain.values())
                apart = abs(float(found[region][column]) - float(want[column]))
                worst = max(worst, apart / (abs(float(want[column])) + slack))
                if apart > tolerance * abs(float(want[column])) + slack:
                    self.problems.append(f"{name}: {region} {column} {found[region][column]}, from DICOM {want[column]}")
        print(f"{name}: {len(found)} regions, largest difference {worst:.2g}")

    def refused(self, name, image, *words, **study):
        out, message = self.run(name, image, expect=2, **study)
        print(f"{name}: {message.strip()}")
        for word in words:
            if word not in message:
                self.problems.append(f"{name}: the refusal lacks \"{word}\"")
        if (out / "activity.tsv").exists():
            self.problems.append(f"{name}: refused, but written")


def through_dcm2niix(doors, folder, plain):
    """The usual way to NIfTI: its sidecar has no date, no frame times and no dose that BIDS defines. Refused with what
    to state, and right when that is stated."""
    if not shutil.which("dcm2niix"):
        print("dcm2niix: skipped, not installed")
        return
    subprocess.run(["dcm2niix", "-b", "y", "-z", "y", "-o", doors.work, "-f", "converted", folder], check=True,
                   capture_output=True)
    file = doors.work / "converted.nii.gz"
    doors.refused("converted_undated", file, "time of the scan", "time = ")
    out, _ = doors.run("converted", file, lines='time = 2026-03-02T14:15:00Z\nframe_duration = "900 s"\n')
    doors.compare("converted", out, plain)


def dynamic(doors, picture, plain):
    """Frames of 100, 200 and 600 s, corrected to the injection or not at all: activities fall by decay, the
    decay-corrected ones stay."""
    lengths, starts = [100.0, 200.0, 600.0], [AFTER_S, AFTER_S + 100, AFTER_S + 300]
    means = [frame_mean(s, t) for s, t in zip(starts, lengths)]
    cases = {"dynamic_injection": ([picture.values * 2 ** (AFTER_S / HALF_LIFE_S)] * 3, {"ImageDecayCorrectionTime": 0}),
             "dynamic_none": ([picture.values * m for m in means],
                              {"ImageDecayCorrected": False, "ImageDecayCorrectionTime": "n/a"}),
             "dynamic_enhanced": (None, None)}
    for name, (frames, changed) in cases.items():
        file = doors.work / f"{name}.nii.gz"
        if frames:
            as_nifti(picture, file, [f.astype("float32") for f in frames], starts, lengths, **changed)
        else:
            file = doors.work / f"{name}.dcm"
            as_enhanced(picture, file, DOSE_BQ / 1e6, list(zip(starts, lengths)))
        out, _ = doors.run(name, file)
        liver = [r for r in rows(out / "activity.tsv") if r["region"] == "liver"]
        for r, start, length in zip(liver, starts, lengths):
            middle = start + length / 2
            want = {"hours": middle / 3600, "frame_duration_s": length,
                    "activity_dc_bq": float(plain["liver"]["activity_dc_bq"]),
                    "activity_bq": float(plain["liver"]["activity_dc_bq"]) * 2 ** (-middle / HALF_LIFE_S)}
            for column, value in want.items():
                if abs(float(r[column]) / value - 1) > TOLERANCE:
                    doors.problems.append(f"{name}: {column} {r[column]}, not {value:.6g}")
        print(name, [(r["hours"], r["activity_bq"], r["activity_dc_bq"]) for r in liver])
        if len(liver) != 3:
            doors.problems.append(f"{name}: {len(liver)} frames")
    ends = [s + t for s, t in zip(starts, lengths)]
    file = doors.work / "ends.nii.gz"
    as_nifti(picture, file, [picture.values] * 3, starts, ends)
    doors.refused("durations_are_ends", file, "FrameDuration", "end times")
    as_nifti(picture, file, [picture.values] * 3, starts[:2], lengths[:2])
    doors.refused("frames_missing", file, "FrameTimesStart", "2 values", "3 frames")


def two_mice(doors, picture, plain):
    """Two subjects in one bed, the second with half the activity; each cropped out with its own label map."""
    gap = 10
    both = copy.copy(picture)
    n = picture.values.shape
    both.values = numpy.concatenate([picture.values, numpy.zeros((n[0], n[1], gap), "float32"), picture.values / 2], axis=2)
    file = doors.work / "bed.nii.gz"
    as_nifti(both, file, [both.values], [AFTER_S], [LENGTH_S])
    width = (n[2] + gap) * 0.5
    moved = doors.work / "labels_second.nii.gz"
    shift_labels(doors.regions, moved, [width, 0, 0])
    x, y, z = picture.origin
    far = [x + 0.5 * (n[2] - 1), y + 0.5 * (n[1] - 1), z + 0.5 * (n[0] - 1)]

    def crop(shift):
        low, high = (f'["{a + shift:g} mm", "{b:g} mm", "{c:g} mm"]' for a, b, c in ((x, y, z), far))
        return f"crop = {{ min = {low}, max = {high} }}\n"

    first, _ = doors.run("first_mouse", file, lines=crop(0))
    doors.compare("first_mouse", first, plain)
    half = {name: dict(row, activity_bq=float(row["activity_bq"]) / 2, activity_dc_bq=float(row["activity_dc_bq"]) / 2)
            for name, row in plain.items()}
    head = doors.head.replace('"0.26 MBq"', '"0.13 MBq"').replace('"12 kBq"', '"6 kBq"')
    # The sidecar speaks of the first animal's dose: the study has to win for the second one.
    settled = '[[override]]\nfield = "injected_activity"\nreason = "sidecar holds the dose of the other animal"\n'
    second, _ = doors.run("second_mouse", file, lines=crop(width), regions=moved, head=head, tail=settled)
    doors.compare("second_mouse", second, half)
    doors.refused("contradicting_dose", file, "injected_activity", "override", lines=crop(width), regions=moved, head=head)
    doors.refused("crop_elsewhere", file, "crop", lines='crop = { min = [900, 900, 900], max = [950, 950, 950] }\n')


def main():
    sojourn = sys.argv[1]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        example = work / "example"
        subprocess.run([sojourn, "example", "-o", example, "--noise-free"], check=True, capture_output=True)
        picture = Picture(example / "pet" / "d0")
        doors = Doors(sojourn, work, example)
        out, _ = doors.run("dicom", example / "pet" / "d0")
        plain = by_region(out)
        as_nifti(picture, work / "pet.nii.gz", [picture.values], [AFTER_S], [LENGTH_S])
        doors.compare("nifti", doors.run("nifti", work / "pet.nii.gz")[0], plain)
        as_nifti(picture, work / "kbq.nii.gz", [picture.values / 1000], [AFTER_S], [LENGTH_S], Units="kBq/mL")
        doors.compare("nifti_kbq", doors.run("nifti_kbq", work / "kbq.nii.gz")[0], plain)
        as_enhanced(picture, work / "enhanced.dcm", DOSE_BQ / 1e6)
        doors.compare("enhanced", doors.run("enhanced", work / "enhanced.dcm")[0], plain)
        as_enhanced(picture, work / "enhanced_bq.dcm", DOSE_BQ)  # Bq where the standard has MBq
        doors.refused("enhanced_dose_in_bq", work / "enhanced_bq.dcm", "injected_activity", "247.6 GBq")
        as_concorde(picture, work / "mouse.img", 0.228)
        # Concorde files know no place: the image's centre is the zero, and the labels move with it.
        centre = [o + 0.25 * (n - 1) for o, n in zip(picture.origin, picture.values.shape[::-1])]
        labels = work / "labels_centred.nii.gz"
        shift_labels(doors.regions, labels, [-c for c in centre])
        doors.compare("concorde", doors.run("concorde", work / "mouse.img", regions=labels)[0], plain)
        doors.compare("concorde_by_header", doors.run("hdr", work / "mouse.img.hdr", regions=labels)[0], plain)
        counts = 60000 / float(picture.values.max())
        as_nm(picture, work / "spect.dcm", counts)
        doors.refused("nm_uncalibrated", work / "spect.dcm", "calibration")
        lines = f'calibration = {1 / counts:.9g}\ndecay_corrected_to = "scan-start"\n'
        doors.refused("nm_without_reference", work / "spect.dcm", "decay_corrected_to", lines=lines.splitlines()[0])
        # Counts are whole numbers here: half a count in 60000 of the largest voxel, over regions of few voxels.
        doors.compare("nm", doors.run("nm", work / "spect.dcm", lines=lines)[0], plain, tolerance=5e-3)
        through_dcm2niix(doors, example / "pet" / "d0", plain)
        dynamic(doors, picture, plain)
        two_mice(doors, picture, plain)
    sys.exit("wrong:\n" + "\n".join(doors.problems) if doors.problems else 0)


main()
