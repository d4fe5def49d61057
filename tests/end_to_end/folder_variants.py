#!/usr/bin/env python3
"""What folders of real scanners and exports look like, made from an IBSI SUV object: compressed pixels, any file names,
series mixed, slices missing, doubled, tilted or shifted, dynamic and gated series. Each gives the known SUV or an
explained refusal. Usage: folder_variants.py SOJOURN"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
                         ImplicitVRLittleEndian, RLELossless)

from support import rows
from support_dicom import HALF_LIFE_S, HOUR, Cases, ReferenceObject, clock, scale

OTHER_UID = "1.2.3.4.5"


def per_slice(data, tracer, k):
    """Another slope in each slice, as most scanners write."""
    factor = 1 + k
    data.PixelData = (data.pixel_array // factor).astype("int16").tobytes()
    data.RescaleSlope = str(factor)


def syntaxes(cases, made, work):
    for syntax in (ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian):
        cases.right(f"syntax_{syntax.name.replace(' ', '_')}", made(f"syntax_{syntax}", syntax=syntax))

    def big(data, tracer, k): data.PixelData = data.pixel_array.astype(">i2").tobytes()
    cases.right("big_endian", made("big_endian", big, syntax=ExplicitVRBigEndian))

    def run_length(data, tracer, k): data.compress(RLELossless)
    cases.right("run_length", made("rle", run_length, syntax=RLELossless))
    plain = made("plain", per_slice)
    cases.right("slope_per_slice", plain, tolerance=0.02)  # 720 // 17 * 17 = 714
    tools = [(["gdcmconv", flag], name) for flag, name in
             (("--jpeg", "jpeg_lossless"), ("--jpegls", "jpeg_ls"), ("--j2k", "jpeg_2000"), ("--rle", "gdcm_rle"),
              ("--deflated", "gdcm_deflated"))]
    tools += [(["dcmcjpls"], "dcmtk_jpeg_ls"), (["dcmcjpeg"], "dcmtk_jpeg_lossless"), (["dcmcrle"], "dcmtk_rle")]
    for command, name in tools:
        if not shutil.which(command[0]):
            print(f"{name}: skipped, no {command[0]}")
            continue
        folder = work / f"{name}.dicom"
        folder.mkdir()
        done = None
        for file in sorted(plain.iterdir()):
            done = subprocess.run([*command, file, folder / file.name], capture_output=True, text=True)
            if done.returncode != 0:
                break
        if done.returncode != 0:
            print(f"{name}: skipped, the tool cannot: {done.stderr.strip().splitlines()[-1:]}")
            continue
        cases.right(name, folder, tolerance=0.02)
    lossy = work / "lossy.dicom"
    lossy.mkdir()
    if shutil.which("gdcmconv"):
        for file in sorted(plain.iterdir()):
            done = subprocess.run(["gdcmconv", "--j2k", "--lossy", "-q", "99", file, lossy / file.name], capture_output=True)
        if done.returncode == 0:
            cases.right("lossy_jpeg_2000", lossy, tolerance=0.05, warned="lossy compression")


def names(cases, made, work):
    order = numpy.random.default_rng(7).permutation(20)

    def shuffled(folder):
        files = sorted(folder.iterdir())
        for k, file in enumerate(files):
            file.rename(folder / f"tmp{order[k]}")
        for file in list(folder.iterdir()):
            file.rename(folder / file.name.replace("tmp", "I"))  # I0 .. I19, no extension
        return folder
    cases.right("shuffled", shuffled(made("shuffled")))
    alone = made("alone")
    cases.refused("one_slice_named", alone / "slice_010.dcm", "slice_010.dcm", "one slice of a series", "folder")
    deep = shuffled(made("deep"))
    (deep / "A" / "B").mkdir(parents=True)
    for file in list(deep.glob("I1*")):
        file.rename(deep / "A" / "B" / file.name)
    (deep / "DICOMDIR.txt").write_text("not an image")
    (deep / "empty").write_bytes(b"")
    (deep / "A" / "thumbs.db").write_bytes(bytes(range(256)) * 8)
    cases.right("deep_with_strangers", deep)
    contours = made("contours_beside")
    shutil.copy(cases.reference.contours, contours / "rtss.dcm")
    cases.right("contours_beside", contours)


def mixed(cases, made, work):
    def other(data, tracer, k):
        data.SeriesNumber = 2
        data.SeriesDescription = "half"
        scale(data, 0.5)
    cases.reference.write(made("mixed"), other, name="b{}", series_uid=OTHER_UID)
    folder = work / "mixed.dicom"
    cases.refused("two_series", folder, "2 series fit", "series 1", "series 2", "series = ")
    cases.right("two_series_by_number", folder, scan='series = "1"')
    cases.right("two_series_by_description", folder, scan='series = "pet suv verification dro_0_0"')
    cases.refused("no_such_series", folder, 'series = "9"', "series 2", scan='series = "9"')

    def uncorrected(data, tracer, k):
        data.SeriesNumber = 3
        data.CorrectedImage = ["NORM", "DTIM", "DECY", "RAN"]
    nac = made("nac_beside")
    cases.reference.write(nac, uncorrected, name="n{}", series_uid=OTHER_UID)
    cases.right("nac_beside", nac)

    def projection(data, tracer, k):
        data.SeriesNumber = 4
        data.ImageType = ["DERIVED", "SECONDARY", "MIP"]
    mip = made("mip_beside")
    cases.reference.write(mip, projection, name="m{}", series_uid=OTHER_UID)
    cases.right("mip_beside", mip)

    def proportional(data, tracer, k):
        data.SeriesNumber = 5
        data.Units = "PROPCNTS"
    prop = made("prop_beside")
    cases.reference.write(prop, proportional, name="p{}", series_uid=OTHER_UID)
    cases.right("prop_beside", prop)


def geometry(cases, made, work):
    def without(*gone):
        return lambda data, tracer, k: k not in gone
    cases.refused("slice_missing", made("missing", without(9)), "1 slice is missing", "z = 32.00 mm")
    cases.refused("two_missing", made("missing2", without(4, 12)), "2 slices are missing", "z = 12.00 mm", "z = 44.00 mm")
    twice = made("twice")
    shutil.copy(twice / "slice_007.dcm", twice / "copy.dcm")
    cases.refused("slice_twice", twice, "remove the duplicate")

    def tilted(data, tracer, k): data.ImagePositionPatient = [0.0, 4.0 * k * numpy.tan(numpy.radians(17)), 4.0 * k]
    cases.refused("tilted", made("tilted", tilted), "tilted", "17.0 degrees", "resample")

    def shifted(data, tracer, k):
        if k == 8:
            data.ImagePositionPatient = [3.0, 0.0, 32.0]
    cases.refused("shifted", made("shifted", shifted), "slice_008.dcm", "shifted sideways by 3.00 mm")

    def uneven(data, tracer, k): data.ImagePositionPatient = [0.0, 0.0, 4.0 * k + (1.5 if k > 11 else 0)]
    cases.refused("uneven", made("uneven", uneven), "unevenly spaced", "z = 44.00 mm")

    def nowhere(data, tracer, k):
        if k == 3:
            del data.ImagePositionPatient
    cases.refused("nowhere", made("nowhere", nowhere), "slice_003.dcm", "Image Position")

    def other_matrix(data, tracer, k):
        if k == 5:
            data.Rows = 255
            data.PixelData = data.PixelData[:255 * 256 * 2]
    cases.refused("other_matrix", made("other_matrix", other_matrix), "slice_005.dcm", "256 x 255")

    def short_pixels(data, tracer, k):
        if k == 5:
            data.PixelData = data.PixelData[:1000]
    cases.refused("short_pixels", made("short_pixels", short_pixels), "slice_005.dcm")

    def reversed_order(data, tracer, k):
        """The same body stored feet first in files and numbers: positions rule."""
        data.InstanceNumber = 20 - k
    cases.right("instance_numbers_reversed", made("reversed", reversed_order))

    def flipped(data, tracer, k):
        """Columns run the other way: the picture is the same in the patient."""
        data.ImageOrientationPatient = [-1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
        data.ImagePositionPatient = [4.0 * 255, 0.0, 4.0 * k]
        data.PixelData = data.pixel_array[:, ::-1].tobytes()
    cases.right("flipped", made("flipped", flipped))

    def rounded(data, tracer, k):  # positions rounded to a tenth of a millimetre
        data.ImagePositionPatient = [0.0, 0.0, round(4.0 * k + 0.03 * (-1) ** k, 1)]
    cases.right("rounded", made("rounded", rounded))
    truncated = made("truncated")
    file = truncated / "slice_011.dcm"
    file.write_bytes(file.read_bytes()[:700])
    cases.refused("truncated_file", truncated, "slice_011.dcm")


def time_frames(cases, made, work):
    """Three frames whose slices lie interleaved in one folder: the activity falls by decay alone, the decay-corrected
    values and SUV stay."""
    lengths, starts = (300.0, 600.0, 900.0), (HOUR, HOUR + 300, HOUR + 900)

    def write(name, corrected, marks):
        folder = work / f"{name}.dicom"
        for n, (start, length) in enumerate(zip(starts, lengths)):
            rate = numpy.log(2) / HALF_LIFE_S
            mean = numpy.exp(-rate * (start - HOUR)) * -numpy.expm1(-rate * length) / (rate * length)

            def frame(data, tracer, k):
                data.SeriesType = ["DYNAMIC", "IMAGE"]
                data.SOPInstanceUID = f"{OTHER_UID}.{n}.{k}"
                data.ActualFrameDuration = str(int(1000 * length))
                data.InstanceNumber = 1 + 3 * k + n
                data.AcquisitionTime = clock(start)
                t_mean = -numpy.log(-numpy.expm1(-rate * length) / (rate * length)) / rate
                data.FrameReferenceTime = f"{1000 * (start - HOUR + t_mean):.1f}"
                if "index" in marks:
                    data.NumberOfSlices, data.NumberOfTimeSlices, data.ImageIndex = 20, 3, 1 + k + 20 * n
                if "temporal" in marks:
                    data.TemporalPositionIdentifier = n + 1
                if "same_time" in marks:
                    data.AcquisitionTime = clock(HOUR)
                if not corrected:
                    data.DecayCorrection = "NONE"
                    data.CorrectedImage = ["ATTN"]
                    scale(data, mean)
            cases.reference.write(folder, frame, name=f"{n}" + "{:03}" if "by_frame" in marks else "{:03}" + f"_{n}")
        return folder

    for name, corrected, marks in (("dynamic_start", True, ()), ("dynamic_none", False, ()),
                                   ("dynamic_index", True, ("index", "by_frame")),
                                   ("dynamic_temporal", False, ("temporal",))):
        done, out = cases.run(name, write(name, corrected, marks))
        if done.returncode != 0:
            cases.problems.append(f"{name}: {done.stderr}")
            continue
        found = [r for r in rows(out / "activity.tsv") if r["region"] == "background_box"]
        print(name, [(r["frame_start_s"], r["frame_duration_s"], r["hours"], r["activity_bq"], r["suv_mean"]) for r in found])
        if len(found) != 3:
            cases.problems.append(f"{name}: {len(found)} frames")
            continue
        for r, start, length in zip(found, starts, lengths):
            middle = start + length / 2
            activity = 3600 * 2 ** (-(middle - HOUR) / HALF_LIFE_S) * float(r["volume_ml"])
            for what, got, want in (("SUV", r["suv_mean"], 1.0), ("activity", r["activity_bq"], activity),
                                    ("duration", r["frame_duration_s"], length), ("hours", r["hours"], middle / HOUR),
                                    ("start", 1 + float(r["frame_start_s"]), 1 + start - HOUR)):
                if abs(float(got) / want - 1) > 1e-3:
                    cases.problems.append(f"{name}: {what} {got}, not {want}")
    # Frames that no time tells apart are duplicates; a frame that lacks a slice is named.
    broken = write("dynamic_broken", True, ("by_frame",))
    (broken / "1007").unlink()
    cases.refused("dynamic_slice_missing", broken, "frame 2 of 3", "19 of 20")

    def gated(data, tracer, k):
        data.SeriesType = ["GATED", "IMAGE"]
    folder = made("gated", gated)

    def second_gate(data, tracer, k):
        gated(data, tracer, k)
        data.TriggerTime = "500"
        data.SOPInstanceUID = f"{OTHER_UID}.{k}"
    cases.reference.write(folder, second_gate, name="g{}")
    cases.refused("gated", folder, "gated")


def main():
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        reference = ReferenceObject()
        cases = Cases(sys.argv[1], reference, work)

        def made(name, edit=None, **how):
            folder = work / f"{name}.dicom"
            reference.write(folder, edit, **how)
            return folder

        only = sys.argv[2:]
        for group in (syntaxes, names, mixed, geometry, time_frames):
            if not only or group.__name__ in only:
                group(cases, made, work)
    print(f"{cases.n} runs")
    sys.exit("wrong:\n" + "\n".join(cases.problems) if cases.problems else 0)


main()
