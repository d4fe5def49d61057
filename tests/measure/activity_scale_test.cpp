#include <gtest/gtest.h>

#include "measure/series_builder.h"

namespace sojourn::measure {
namespace {

using namespace sojourn::test;
using records::PixelUnit;

// The image is float: a relative error of 1e-6 is its rounding.
constexpr double kRounding = 1e-5;

TEST(CalibrateUnits, SuvOfEveryKindIsTakenBack) {
  // Factors for 70 kg and 175 cm, computed by hand from the printed formulas; sex M, F, mean of
  // both.
  struct Case {
    PixelUnit unit;
    const char* sex;
    double normaliser;
  };
  for (const auto& [unit, sex, normaliser] :
       {Case{PixelUnit::suv_bw, "O", 70000}, Case{PixelUnit::suv_lbm_james128, "M", 56520},
        Case{PixelUnit::suv_lbm_james128, "F", 51220}, Case{PixelUnit::suv_lbm_janma, "M", 55857.1},
        Case{PixelUnit::suv_ibw, "M", 72380}, Case{PixelUnit::suv_ibw, "F", 66430},
        Case{PixelUnit::suv_ibw, "O", 69405}, Case{PixelUnit::suv_bsa, "O", 18481}}) {
    auto series = fdg_series();
    series.facts.unit = unit;
    series.facts.sex = sex;
    series.frames[0] =
        frame(static_cast<float>(normaliser / kMass_g), 1, series.frames[0].slices[0]);
    const auto scan = calibrated(series, human_study());
    EXPECT_NEAR(suv(scan), 1.0, 1e-3) << sex << " " << normaliser;  // normalisers have five digits
    EXPECT_EQ(mentions(scan.warnings, "sex"), unit == PixelUnit::suv_ibw && sex[0] == 'O');
  }
}

TEST(CalibrateUnits, LeanMassNeedsHeightAndSex) {
  auto series = fdg_series();
  series.facts.unit = PixelUnit::suv_lbm_james128;
  series.facts.sex.reset();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "subject.sex");
  series.facts.height_m.reset();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "subject.height");
}

TEST(CalibrateUnits, SuvIsTakenBackWithTheHeadersDoseEvenWhereTheStudyOverridesIt) {
  auto series = fdg_series();
  series.facts.unit = PixelUnit::suv_bw;
  series.frames[0] = frame(1.0F, 1, series.frames[0].slices[0]);
  auto study = human_study();
  study.administrations.push_back({.id = "t1",
                                   .method = "",
                                   .activity_bq = 2 * kDose_bq,
                                   .measured_at_utc_s = at("2025-01-01T10:00:00")});
  study.overrides.push_back({"injected_activity", "typed half"});
  const auto scan = calibrated(series, study);
  EXPECT_NEAR(suv(scan), 0.5, kRounding);
  EXPECT_TRUE(mentions(scan.warnings, "typed half"));
}

TEST(CalibrateUnits, PhilipsCounts) {
  auto series = fdg_series();
  series.facts.unit = PixelUnit::counts;
  series.facts.unit_text = "CNTS";
  const float stored = 2000.0F;
  series.frames[0] = frame(stored, 1, series.frames[0].slices[0]);
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "calibration");
  series.facts.philips_suv_factor = 0.0005;
  EXPECT_NEAR(suv(calibrated(series, human_study())), 1.0, kRounding);
  series.facts.philips_suv_factor = 0.0;
  const double left = kDose_bq * nuclide::decay_factor(3600, kF18_s);
  series.facts.philips_activity_factor = left / kMass_g / 2000.0;
  EXPECT_NEAR(suv(calibrated(series, human_study())), 1.0, kRounding);
  series.facts.philips_suv_factor = 0.0006;
  EXPECT_TRUE(mentions(calibrated(series, human_study()).warnings, "disagree"));
}

TEST(CalibrateUnits, ProportionalCtAndUnknownAreRefusedWithTheRemedy) {
  auto series = fdg_series();
  series.facts.unit = PixelUnit::proportional;
  series.facts.unit_text = "PROPCNTS";
  auto study = human_study();
  study.scans[0].calibration = 3.0;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }),
              "export the attenuation- and decay-corrected series");
  series.facts.unit = PixelUnit::hounsfield;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "anatomy");
  series.facts.unit = PixelUnit::unknown;
  series.facts.unit_text = "";
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "units = \"Bq/mL\"");
}

TEST(CalibrateUnits, StatedUnitsAndCalibration) {
  const float value = fdg_series().frames[0].values.at(0, 0, 0);
  auto series = fdg_series();
  series.facts.unit = PixelUnit::unknown;
  series.frames[0] = frame(value / 1000, 1, series.frames[0].slices[0]);
  auto study = human_study();
  study.scans[0].units = "kBq/mL";
  EXPECT_NEAR(suv(calibrated(series, study)), 1.0, kRounding);
  study.scans[0].units.reset();
  study.scans[0].calibration = 1000.0;
  EXPECT_NEAR(suv(calibrated(series, study)), 1.0, kRounding);
  series.facts.unit = PixelUnit::bq_per_ml;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "field = \"units\"");
  study.overrides.push_back({"units", "phantom scan of 3 May"});
  EXPECT_TRUE(mentions(calibrated(series, study).warnings, "phantom scan of 3 May"));
}

TEST(CalibrateUnits, OneCalibrationOfCountsCannotServeFramesOfTwoLengths) {
  auto series = fdg_series();
  series.facts.unit = PixelUnit::counts;
  auto timing = series.frames[0].slices[0];
  *timing.start_local_s += 300;
  timing.duration_s = 600;
  series.frames.push_back(frame(1.0F, 3, timing));
  auto study = human_study();
  study.scans[0].calibration = 1.0;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "one factor");
}

}  // namespace
}  // namespace sojourn::measure
