#!/usr/bin/env python3
"""Header cases of the IBSI SUV objects, and others that scanners and consoles make, written from the plain object:
each gives the known SUV or an explained refusal. Usage: suv_object_variants.py SOJOURN"""
import math
import pathlib
import sys
import tempfile

from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRLittleEndian

from support import by_region
from support_dicom import BQML_PER_SUV, DOSE_BQ, HALF_LIFE_S, HOUR, WEIGHT_KG, Cases, ReferenceObject, clock, scale

SUV = 1 / BQML_PER_SUV
HEIGHT_CM = 175.0
LEAN_KG = 1.10 * WEIGHT_KG - 128 * (WEIGHT_KG / HEIGHT_CM) ** 2           # James, man
LEAN_JANMA_KG = 9270 * WEIGHT_KG / (6680 + 216 * WEIGHT_KG / 1.75 ** 2)   # Janmahasatian, man
IDEAL_KG = 48 + 1.06 * (HEIGHT_CM - 152)                                   # Sugawara, man
SURFACE_CM2 = 71.84 * WEIGHT_KG ** 0.425 * HEIGHT_CM ** 0.725              # Du Bois


def in_suv(data, unit, suv_type, per_suvbw):
    data.Units = unit
    if suv_type:
        data.SUVType = suv_type
    data.PatientSex = "M"
    scale(data, SUV * per_suvbw)


def truncated(data, slope):
    """Integers at a coarse slope, cut off: what loses 2 % of the object in CM2ML."""
    pixels = data.pixel_array * float(data.RescaleSlope) / slope
    data.PixelData = (pixels + 1e-9).astype("int16").tobytes()
    data.RescaleSlope = f"{slope:g}"


def units(cases, made):
    def lbm(data, tracer, k): in_suv(data, "GML", "LBMJAMES128", LEAN_KG / WEIGHT_KG)
    def janma(data, tracer, k): in_suv(data, "GML", "LBMJANMA", LEAN_JANMA_KG / WEIGHT_KG)
    def ideal(data, tracer, k): in_suv(data, "GML", "IBW", IDEAL_KG / WEIGHT_KG)
    def untyped(data, tracer, k): in_suv(data, "GML", "", 1.0)
    def surface(data, tracer, k):
        in_suv(data, "CM2ML", "BSA", SURFACE_CM2 / (WEIGHT_KG * 1000))
        truncated(data, 0.01)

    cases.right("2_1_lbm", made("lbm", lbm))
    cases.right("2_1_janma", made("janma", janma))
    cases.right("2_2_ideal", made("ideal", ideal))
    cases.right("2_0_untyped", made("untyped", untyped))
    # Cold and background are cut to 0.05 of 0.0528 and 0.26 of 0.264: only the object's own 2 % can be asked, and of
    # the cold sphere nothing.
    done, out = cases.run("2_3_surface", made("surface", surface))
    hot, background = (float(by_region(out)[r][c]) for r, c in (("region_1", "suv_max"), ("background_box", "suv_mean")))
    if abs(hot / 4 - 1) > 0.02 or abs(background - 1) > 0.02:
        cases.problems.append(f"2_3_surface: {hot} and {background}")

    def sexless(data, tracer, k):
        lbm(data, tracer, k)
        del data.PatientSex
    cases.refused("lbm_without_sex", made("sexless", sexless), "sex", "BQML")
    cases.right("lbm_sex_stated", made("sexless2", sexless), subject='sex = "M"')

    def no_height(data, tracer, k):
        lbm(data, tracer, k)
        del data.PatientSize
    cases.refused("lbm_without_height", made("no_height", no_height), "height")

    def no_type(data, tracer, k):
        lbm(data, tracer, k)
        data.SUVType = "SOMETHING"
    cases.refused("unknown_suv_type", made("no_type", no_type), "GML", "SOMETHING", "BQML")
    for unit in ("PROPCNTS", "PROPCPS", "1CM", "CPS", "CNTS", ""):
        def other(data, tracer, k): data.Units = unit
        cases.refused(f"unit_{unit or 'empty'}", made(f"unit_{unit}", other), f'"{unit}"' if unit else "no unit", "BQML")


def philips(cases, made):
    factor = 0.37
    for syntax, name in ((ImplicitVRLittleEndian, "implicit"), (ExplicitVRLittleEndian, "explicit")):
        for creator in (False, True):
            for vr, written in (("DS", f"{factor}"), ("FD", factor)):
                def counts(data, tracer, k):
                    data.Manufacturer = "Philips Medical Systems"
                    data.Units = "CNTS"
                    scale(data, 1 / factor)
                    if creator:
                        data.add_new((0x7053, 0x0010), "LO", "Philips PET Private Group")
                    data.add_new((0x7053, 0x1009), vr, written)
                case = f"2_5_{name}_{'creator' if creator else 'bare'}_{vr}"
                cases.right(case, made(case, counts, syntax=syntax))

    def zero_suv_factor(data, tracer, k):
        data.Units = "CNTS"
        scale(data, 1 / factor)
        data.add_new((0x7053, 0x1000), "DS", "0")
        data.add_new((0x7053, 0x1009), "DS", f"{factor}")
    cases.right("2_5_zero_suv_factor", made("zero_suv", zero_suv_factor))

    def both_zero(data, tracer, k):
        data.Units = "CNTS"
        data.add_new((0x7053, 0x1000), "DS", "0")
        data.add_new((0x7053, 0x1009), "DS", "0")
    cases.refused("2_5_both_zero", made("both_zero", both_zero), "CNTS", "calibration")

    def other_block(data, tracer, k):  # the private block need not be the first
        data.Units = "CNTS"
        scale(data, 1 / factor)
        data.add_new((0x7053, 0x0010), "LO", "SOMEBODY ELSE")
        data.add_new((0x7053, 0x1009), "DS", "17")
        data.add_new((0x7053, 0x0011), "LO", "Philips PET Private Group")
        data.add_new((0x7053, 0x1109), "DS", f"{factor}")
    cases.right("2_5_other_block", made("other_block", other_block))


def reference_times(cases, made):
    # Values are corrected to 11:00, which the private element alone says: series and acquisition are at 11:30.
    for tag, creator, vendor in (((0x0009, 0x100D), "GEMS_PETD_01", "ge"), ((0x0071, 0x1022), "SIEMENS MED PT", "siemens")):
        for syntax in (ImplicitVRLittleEndian, ExplicitVRLittleEndian):
            for bare in (True, False):
                def private(data, tracer, k):
                    data.SeriesTime, data.AcquisitionTime = "113100", "113000"
                    if not bare:
                        data.add_new((tag[0], 0x0010), "LO", creator)
                    data.add_new(tag, "DT", "20250101110000.00")
                case = f"3_3_{vendor}_{'implicit' if syntax.is_implicit_VR else 'explicit'}_{'bare' if bare else 'creator'}"
                cases.right(case, made(case, private, syntax=syntax), warned="are 1800 s apart")

    def days_off(data, tracer, k):  # a private date that de-identification left behind
        data.add_new((0x0009, 0x100D), "DT", "20191207110000.00")
    cases.right("3_3_private_days_off", made("days_off", days_off), warned="not used")

    def two_beds(data, tracer, k):
        """DecayCorrection NONE: each slice holds the mean of its own frame, 300 s from 11:00 or 900 s from 11:07."""
        start, length = (HOUR + 420, 900.0) if k >= 10 else (HOUR, 300.0)
        data.ActualFrameDuration = str(int(1000 * length))
        rate = math.log(2) / HALF_LIFE_S
        mean = math.exp(-rate * (start - HOUR)) * -math.expm1(-rate * length) / (rate * length)
        data.DecayCorrection = "NONE"
        data.CorrectedImage = ["NORM", "DTIM", "ATTN", "SCAT", "RAN"]
        data.AcquisitionTime = clock(start)
        scale(data, mean)
    cases.right("3_4_none_two_beds", made("none", two_beds), tolerance=0.001)

    def later_series(data, tracer, k):  # (d): slices alone hold the reference
        data.SeriesTime, data.AcquisitionTime = "113000", clock(HOUR + 150 + 300 * (k // 10))
        data.FrameReferenceTime = str(150000.0 + 150000.0 + 300000.0 * (k // 10))
    cases.right("3_2_beds", made("beds", later_series), tolerance=0.001)

    def admin(data, tracer, k):
        data.DecayCorrection = "ADMIN"
        scale(data, 2 ** (HOUR / HALF_LIFE_S))
    cases.right("3_1_admin", made("admin", admin), tolerance=0.001)

    def silent(data, tracer, k):
        del data.DecayCorrection
        data.CorrectedImage = ["NORM", "ATTN"]
    cases.refused("no_decay_correction", made("silent", silent), "decay_corrected_to")

    def assumed(data, tracer, k): del data.DecayCorrection
    cases.right("decy_without_reference", made("assumed", assumed), warned="DECY")


def injection_times(cases, made):
    def time_only(data, tracer, k): del tracer.RadiopharmaceuticalStartDateTime
    cases.right("4_1_time_only", made("time_only", time_only), warned="the date of the series")

    def midnight(data, tracer, k):
        time_only(data, tracer, k)
        tracer.RadiopharmaceuticalStartTime = "233000"
        for date, time in (("SeriesDate", "SeriesTime"), ("AcquisitionDate", "AcquisitionTime"), ("StudyDate", "StudyTime")):
            setattr(data, date, "20250102")
            setattr(data, time, "003000")
    cases.right("4_2_midnight", made("midnight", midnight), warned="the day before")

    def midnight_dated(data, tracer, k):
        midnight(data, tracer, k)
        tracer.RadiopharmaceuticalStartDateTime = "20250101233000"
    cases.right("4_2_midnight_dated", made("midnight_dated", midnight_dated))

    def neither(data, tracer, k):
        time_only(data, tracer, k)
        del tracer.RadiopharmaceuticalStartTime
    cases.refused("no_injection_time", made("neither", neither), "injection time", "injected_at")
    given = '[[tracer]]\nid = "fdg"\nmethod = "f18-fdg"\ninjected_at = 2025-01-01T10:00:00Z\n'
    cases.right("injected_at_stated", made("neither2", neither), blocks=given)

    def shifted(data, tracer, k):  # the date of the injection was shifted apart by de-identification
        tracer.RadiopharmaceuticalStartDateTime = "20190611100000"
    cases.right("injection_years_before", made("shifted", shifted), warned="its date is not used")

    def shifted_after(data, tracer, k): tracer.RadiopharmaceuticalStartDateTime = "20310611100000"
    cases.right("injection_years_after", made("shifted_after", shifted_after), warned="its date is not used")

    def no_series_time(data, tracer, k): del data.SeriesTime
    cases.right("no_series_time", made("no_series_time", no_series_time), tolerance=0.001)

    def no_acquisition_time(data, tracer, k): del data.AcquisitionTime
    cases.right("no_acquisition_time", made("no_acquisition", no_acquisition_time), warned="series time stands")

    def one_moment(data, tracer, k):  # Acquisition DateTime in place of date and time
        del data.AcquisitionDate, data.AcquisitionTime
        data.add_new((0x0008, 0x002A), "DT", "20250101110000.000000")
    cases.right("acquisition_datetime", made("one_moment", one_moment), tolerance=0.001)

    def zoned(data, tracer, k):  # the scanner's clocks are two hours ahead, the injection says so in its own text
        data.TimezoneOffsetFromUTC = "+0200"
        tracer.RadiopharmaceuticalStartDateTime = "20250101080000.000000+0000"
    cases.right("zone_of_its_own", made("zoned", zoned))

    def zone_tag(data, tracer, k): data.TimezoneOffsetFromUTC = "-0500"
    cases.right("zone_tag", made("zone_tag", zone_tag))
    cases.right("zone_tag_and_study", made("zone_tag2", zone_tag), blocks=given.replace("10:00:00Z", "15:00:00Z"))
    cases.refused("zone_tag_against_study", made("zone_tag3", zone_tag), "15:00:00Z", "10:00:00Z", "injection_time", blocks=given)

    def gallium(data, tracer, k):
        half_life = 4062.6
        tracer.RadionuclideHalfLife = str(half_life)
        code = tracer.RadionuclideCodeSequence[0]
        code.CodeValue, code.CodeMeaning = "C-131A3", "^68^Gallium"
        tracer.Radiopharmaceutical = "DOTATOC"
        scale(data, 2 ** (HOUR / HALF_LIFE_S - HOUR / half_life))
    cases.right("5_0_gallium", made("gallium", gallium), warned="Ga-68")

    def long_lived(data, tracer, k):
        half_life = 78.41 * HOUR
        tracer.RadionuclideHalfLife = str(half_life)
        code = tracer.RadionuclideCodeSequence[0]
        code.CodeValue, code.CodeMeaning = "C-168A4", "^89^Zirconium"
        tracer.Radiopharmaceutical = "oxine"
        scale(data, 2 ** (HOUR / HALF_LIFE_S - HOUR / half_life))
    cases.right("zirconium", made("zirconium", long_lived), tolerance=0.001)

    def long_time_only(data, tracer, k):
        long_lived(data, tracer, k)
        time_only(data, tracer, k)
    def long_shifted(data, tracer, k):
        long_lived(data, tracer, k)
        tracer.RadiopharmaceuticalStartDateTime = "20190611100000"
    cases.refused("zirconium_years_before", made("zr_shifted", long_shifted), "after the injection", "injected_at")
    cases.refused("zirconium_time_only", made("zr_time", long_time_only), "time without date", "injected_at")

    def no_half_life(data, tracer, k):
        gallium(data, tracer, k)
        del tracer.RadionuclideHalfLife
    cases.right("gallium_without_half_life", made("no_half", no_half_life), warned="Ga-68")

    def no_half_life_anywhere(data, tracer, k):
        no_half_life(data, tracer, k)
        code = tracer.RadionuclideCodeSequence[0]
        code.CodeValue, code.CodeMeaning = "C-113A2", "^76^Bromine"
    cases.refused("bromine_without_half_life", made("no_half_br", no_half_life_anywhere), "half-life", "Br-76")


def dose_and_weight(cases, made):
    def weightless(data, tracer, k): del data.PatientWeight
    def zero_weight(data, tracer, k): data.PatientWeight = "0"
    def doseless(data, tracer, k): del tracer.RadionuclideTotalDose
    def zero_dose(data, tracer, k): tracer.RadionuclideTotalDose = "0"
    def placeholder(data, tracer, k): tracer.RadionuclideTotalDose = "1"
    def dose_mbq(data, tracer, k): tracer.RadionuclideTotalDose = "368.08"
    def grams(data, tracer, k): data.PatientWeight = "70000"

    given = '[[tracer]]\nid = "fdg"\nmethod = "f18-fdg"\nactivity = "368.08 MBq"\n' \
            'measured_at = 2025-01-01T10:00:00Z\ninjected_at = 2025-01-01T10:00:00Z\n'
    mass = 'body_mass = "70 kg"'
    for name, edit, remedy in (("weightless", weightless, {"subject": mass}), ("zero_weight", zero_weight, {"subject": mass}),
                               ("doseless", doseless, {"blocks": given}), ("zero_dose", zero_dose, {"blocks": given}),
                               ("placeholder", placeholder, {"blocks": given})):
        folder = made(name, edit)
        done, out = cases.run(name + "_bqml", folder)
        if done.returncode != 0 or by_region(out)["region_1"]["suv_max"] != "n/a":
            cases.problems.append(f"{name}: activity should be there without SUV: {done.stderr}")
        cases.right(name + "_stated", folder, **remedy)

        def as_suv(data, tracer, k):
            in_suv(data, "GML", "BW", 1.0)
            edit(data, tracer, k)
        cases.refused(name + "_gml", made(name + "_gml", as_suv), "body mass" if "weight" in name else "injected activity")
    cases.refused("3_0_dose_mbq", made("dose_mbq", dose_mbq), "injected activity", "MBq", "override")
    settled = given + '[[override]]\nfield = "injected_activity"\nreason = "written in MBq"\n'
    cases.right("3_0_override", made("dose_mbq2", dose_mbq), blocks=settled)
    cases.refused("3_0_contradiction", made("dose_mbq3", dose_mbq), "injected_activity", "368.1 MBq", blocks=given)
    cases.refused("weight_in_grams", made("grams", grams), "grams", "body_mass")
    cases.right("weight_in_grams_stated", made("grams2", grams), subject=mass, warned="written in grams")

    def other_weight(data, tracer, k): data.PatientWeight = "80"
    cases.refused("weight_contradicts", made("other_weight", other_weight), "70 kg", "80 kg", subject=mass)
    cases.right("weight_override", made("other_weight2", other_weight), subject=mass,
                blocks='[[override]]\nfield = "body_mass"\nreason = "scale of the day"\n')


def main():
    reference = ReferenceObject()
    with tempfile.TemporaryDirectory() as work:
        cases = Cases(sys.argv[1], reference, work)

        def made(name, edit, **how):
            folder = pathlib.Path(work) / f"{name}.dicom"
            reference.write(folder, edit, **how)
            return folder

        only = sys.argv[2:]
        for group in (units, philips, reference_times, injection_times, dose_and_weight):
            if not only or group.__name__ in only:
                group(cases, made)
    print(f"{cases.n} runs")
    sys.exit("wrong:\n" + "\n".join(cases.problems) if cases.problems else 0)


main()
