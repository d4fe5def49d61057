#!/usr/bin/env python3
"""BIDS PET sidecars of real studies and ECAT7 files. The shared images are placeholders, so each real sidecar gets a
uniform image of as many frames as it states; what is wrong in a sidecar is refused by name. ECAT values against nibabel.
Usage: bids_and_ecat.py SOJOURN"""
import json
import pathlib
import sys
import tempfile

import nibabel
import numpy

from support import near, rows, shared, track

C11_HALF_LIFE_S = 1223.1  # ENDF/B-VIII.0, used where a sidecar does not state it
VALUE, N = 5000.0, 20     # Bq/mL in N^3 voxels of 8 mm3


def study(work, name, image, blocks=""):
    file = work / f"{name}.toml"
    file.write_text(f'sojourn = 1\n[subject]\nid = "b"\nspecies = "human"\n{blocks}[[scan]]\nimage = "{image}"\n')
    return file


def refused(sojourn, work, name, image, words, problems):
    message = track(sojourn, study(work, name, image), work / f"{name}.out", expect=2)
    print(f"{name}: {message.strip()}")
    problems += [f"{name}: the refusal lacks \"{w}\"" for w in words if w not in message]


def sidecar_case(sojourn, work, name, sidecar, problems):
    """A dynamic [11C] or [18F] study: a uniform image corrected to its zero time falls by decay alone."""
    facts = json.loads(sidecar.read_text())
    starts, lengths = facts["FrameTimesStart"], facts["FrameDuration"]
    image = nibabel.Nifti1Image(numpy.full((N, N, N, len(starts)), VALUE, "float32"), numpy.diag([2, 2, 2, 1.0]))
    image.header.set_xyzt_units("mm", "sec")
    file = work / f"{name}.nii.gz"
    nibabel.save(image, file)
    file.with_name(f"{name}.json").write_text(json.dumps(facts))
    if len(starts) > 1 and all(abs(l - s) <= 1 for l, s in zip(lengths, starts[1:])):  # as the collection's SOURCE says
        refused(sojourn, work, name, file, ["FrameDuration", "end times"], problems)
        return
    if facts["TracerRadionuclide"] in ("C11", "11C", "C-11"):
        file.with_name(f"{name}.json").write_text(json.dumps(facts | {"TracerRadionuclide": "Br-76"}))
        refused(sojourn, work, name + "_unknown", file, ["Br-76", "RadionuclideHalfLife"], problems)
        file.with_name(f"{name}.json").write_text(json.dumps(facts))
    half_life = facts.get("RadionuclideHalfLife", C11_HALF_LIFE_S if "11" in facts["TracerRadionuclide"] else 6586.2)
    track(sojourn, study(work, name, file), work / f"{name}.out")
    found = rows(work / f"{name}.out" / "activity.tsv")
    print(f"{name}: {len(found)} frames")
    if len(found) != len(starts):
        problems.append(f"{name}: {len(found)} frames")
    zero = facts.get("ImageDecayCorrectionTime", 0)
    scale = {"kBq/ml": 1e3, "kBq/mL": 1e3}.get(facts["Units"], 1.0)
    for row, start, length in zip(found, starts, lengths):
        middle = start + length / 2
        want = VALUE * scale * 8e-3 * N ** 3 * 2 ** (-(middle - zero) / half_life)
        if abs(float(row["activity_bq"]) / want - 1) > 1e-4:
            problems.append(f"{name}: frame at {start} s holds {row['activity_bq']} Bq, not {want:.6g}")


def main():
    sojourn, problems = sys.argv[1], []
    bids, ecat = shared("bids_pet"), shared("ecat_samples")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for i, sidecar in enumerate(sorted(bids.glob("**/pet/*_pet.json"))):
            sidecar_case(sojourn, work, f"sidecar{i}", sidecar, problems)
            image = sidecar.with_name(sidecar.name.replace(".json", ".nii.gz"))
            if image.read_bytes()[:2] != b"\x1f\x8b":  # web pages and empty lines that stand for images
                refused(sojourn, work, f"placeholder{i}", image, [image.name, "text", "fetch"], problems)

        tiny = ecat / "tinypet.v"
        refused(sojourn, work, "ecat_undated", tiny, ["injected_at"], problems)
        given = '[[tracer]]\nmethod = "f18-fdg"\ninjected_at = 2010-11-18T23:50:00Z\n'
        track(sojourn, study(work, "tiny", tiny, given), work / "tiny.out")
        theirs = nibabel.ecat.load(tiny)
        frame, header = theirs.get_subheaders().subheaders[0], theirs.header
        # nibabel multiplies by the calibration factor although the header says that this is done.
        values = numpy.asarray(theirs.get_frame(0), float) / float(header["ecat_calibration_factor"])
        volume = 1e-3 * 1e3 * float(frame["x_pixel_size"]) * float(frame["y_pixel_size"]) * float(frame["z_pixel_size"])
        middle = (float(frame["frame_start_time"]) + float(frame["frame_duration"]) / 2) / 1000
        want = values.sum() * volume * 2 ** (-middle / float(header["isotope_halflife"]))
        near("ECAT activity", rows(work / "tiny.out" / "activity.tsv")[0]["activity_bq"], want, 1e-3, problems)
    sys.exit("wrong:\n" + "\n".join(problems) if problems else 0)


main()
