"""The IBSI reference object DRO_0_0 rewritten: one header case after another, whose true SUV is known (hot sphere 4.00,
background 1.00, cold sphere 0.20). It is on disk as 70 kg, 368.08 MBq at 10:00 and values corrected to 11:00."""
import copy
import pathlib
import subprocess

import pydicom
from pydicom.uid import ExplicitVRLittleEndian

from support import by_region, shared

DOSE_BQ, WEIGHT_KG, HALF_LIFE_S = 368.08e6, 70.0, 6586.2
BQML_PER_SUV = 3600.0  # of the object as it is: 368.08e6 * 2^(-3600/6586.2) / 70000
HOUR = 3600.0
IDENTITY = ("PETDRO", "19900101", "1.2.826.0.1.3680043.8.498.9552046624551246673304")  # name, birth, UIDs of the object
# Boxes well inside background and cold sphere, in millimetres; the hot sphere is in the object's own contour.
REGIONS = """[segment.background_box]
method = "box"
min = ["450 mm", "330 mm", "28 mm"]
max = ["570 mm", "430 mm", "50 mm"]
[segment.cold_box]
method = "box"
min = ["386 mm", "506 mm", "36 mm"]
max = ["398 mm", "518 mm", "44 mm"]
"""


class ReferenceObject:
    def __init__(self):
        self.root = shared("ibsi_suv_dro", "DRO", "DRO_0_0")
        self.contours = next((self.root / "RS").iterdir())
        self.slices = [pydicom.dcmread(f) for f in sorted((self.root / "PT").iterdir())]
        self.slices.sort(key=lambda s: float(s.ImagePositionPatient[2]))

    def write(self, folder, edit=None, name="slice_{:03}.dcm", syntax=ExplicitVRLittleEndian, series_uid=None):
        """The object's slices after edit(dataset, tracer item, slice number); a slice for which it returns False is
        left out."""
        folder.mkdir(parents=True, exist_ok=True)
        for k, original in enumerate(self.slices):
            data = copy.deepcopy(original)
            if edit and edit(data, data.RadiopharmaceuticalInformationSequence[0], k) is False:
                continue
            if series_uid:
                data.SeriesInstanceUID = series_uid
                data.SOPInstanceUID = f"{series_uid}.{k + 1}"
            data.is_implicit_VR, data.is_little_endian = syntax.is_implicit_VR, syntax.is_little_endian
            data.file_meta.TransferSyntaxUID = syntax
            data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
            data.save_as(folder / name.format(k), write_like_original=False)


def scale(data, factor):
    """Stores the same picture in another unit: `factor` for each Bq/mL of the object."""
    data.RescaleSlope = f"{float(data.RescaleSlope) * factor:.10g}"


def clock(seconds_after_ten):
    """DICOM time of so many seconds after the injection at 10:00 (on the same day)."""
    whole = 10 * HOUR + seconds_after_ten
    return f"{int(whole // 3600):02}{int(whole % 3600 // 60):02}{whole % 60:09.6f}"


class Cases:
    """Runs the program on one folder after another and keeps what was wrong."""

    def __init__(self, sojourn, reference, work):
        self.sojourn, self.reference, self.work = sojourn, reference, pathlib.Path(work)
        self.problems, self.n = [], 0

    def run(self, name, image, scan="", subject="", blocks=""):
        study = self.work / f"{name}.toml"
        study.write_text(f"""sojourn = 1
[subject]
id = "dro"
species = "human"
{subject}
[[scan]]
image = "{image}"
regions = "{self.reference.contours}"
{scan}
{REGIONS}{blocks}""")
        out = self.work / f"{name}.out"
        done = subprocess.run([self.sojourn, "track", study, "-o", out, "--quiet"], capture_output=True, text=True)
        self.n += 1
        return done, out

    def right(self, name, image, tolerance=0.01, warned=None, **study):
        """SUV as the object has it; `warned` must stand in study.json."""
        done, out = self.run(name, image, **study)
        if done.returncode != 0:
            self.problems.append(f"{name}: exit status {done.returncode}: {done.stderr.strip()}")
            return
        found = by_region(out)
        for what, got, want in (("hot", found["region_1"]["suv_max"], 4.0),
                                ("background", found["background_box"]["suv_mean"], 1.0),
                                ("cold", found["cold_box"]["suv_mean"], 0.2)):
            if got == "n/a" or abs(float(got) / want - 1) > tolerance:
                self.problems.append(f"{name}: {what} SUV is {got}, not {want}")
        said = (out / "study.json").read_text()
        for file in (f for f in out.rglob("*") if f.is_file()):
            if any(word.encode() in file.read_bytes() for word in IDENTITY):
                self.problems.append(f"{name}: {file.relative_to(out)} holds an identity")
        print(f"{name}: hot {found['region_1']['suv_max']}, background {found['background_box']['suv_mean']}")
        if warned and warned not in said:
            self.problems.append(f"{name}: study.json does not warn of \"{warned}\"")

    def refused(self, name, image, *words, **study):
        """Exit status 2, a message that holds all words, and nothing written."""
        done, out = self.run(name, image, **study)
        print(f"{name}: {done.stderr.strip()}")
        if done.returncode != 2:
            self.problems.append(f"{name}: exit status {done.returncode}, not a refusal")
        for word in words:
            if word not in done.stderr:
                self.problems.append(f"{name}: the refusal lacks \"{word}\": {done.stderr.strip()}")
        if (out / "activity.tsv").exists() or (out / "study.json").exists():
            self.problems.append(f"{name}: refused, but something was written")
        for word in IDENTITY:
            if word in done.stderr + done.stdout:
                self.problems.append(f"{name}: the message holds {word}")
