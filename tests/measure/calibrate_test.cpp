#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "measure/series_builder.h"

namespace sojourn::measure {
namespace {

using namespace sojourn::test;
using records::DecayCorrection;

// The image is float: a relative error of 1e-6 is its rounding.
constexpr double kRounding = 1e-5;

TEST(Calibrate, StartCorrectedBqPerMlGivesTheKnownSuv) {
  const auto scan = calibrated(fdg_series(), human_study());
  EXPECT_NEAR(suv(scan), 1.0, kRounding);
  EXPECT_EQ(scan.tracer, "tracer");
  EXPECT_DOUBLE_EQ(scan.frames[0].mid_utc_s, at("2025-01-01T11:02:30"));
  EXPECT_DOUBLE_EQ(scan.origin_utc_s, at("2025-01-01T10:00:00"));
  EXPECT_TRUE(scan.warnings.empty());
}

TEST(Calibrate, AdministrationCorrectedIsNotDecayedAgain) {
  auto series = fdg_series();
  series.facts.decay_correction = DecayCorrection::administration;
  series.frames[0] = frame(static_cast<float>(kDose_bq / kMass_g), 3, series.frames[0].slices[0]);
  EXPECT_NEAR(suv(calibrated(series, human_study())), 1.0, kRounding);
}

TEST(Calibrate, UncorrectedSlicesKeepTheirOwnTimes) {
  // As DRO_3_4: slices of one volume acquired 30 minutes apart, each stored as its own mean.
  auto series = fdg_series();
  series.facts.decay_correction = DecayCorrection::none;
  for (int k = 0; k < 3; ++k) {
    auto& slice = series.frames[0].slices[static_cast<std::size_t>(k)];
    *slice.start_local_s += 1800.0 * k;
    const double mean = kDose_bq / kMass_g * nuclide::decay_factor(3600 + 1800.0 * k, kF18_s) /
                        nuclide::frame_start_over_mean(300, kF18_s);
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 4; ++i) series.frames[0].values.at(i, j, k) = static_cast<float>(mean);
  }
  const auto scan = calibrated(series, human_study());
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(suv(scan, k), 1.0, kRounding);
  EXPECT_DOUBLE_EQ(scan.frames[0].duration_s, 3900);
}

RC_GTEST_PROP(CalibrateProperty, NoneAndStartSayTheSame, ()) {
  const double duration = *rc::gen::inRange(10, 3600), delay = *rc::gen::inRange(0, 20000);
  auto start = fdg_series();
  const double at_start = kDose_bq / kMass_g * nuclide::decay_factor(3600, kF18_s);
  start.frames[0] = frame(static_cast<float>(at_start), 2,
                          {*start.facts.series_local_s + delay, duration, {}, {}});
  auto none = start;
  none.facts.decay_correction = DecayCorrection::none;
  const double mean = at_start * nuclide::decay_factor(delay, kF18_s) /
                      nuclide::frame_start_over_mean(duration, kF18_s);
  none.frames[0] = frame(static_cast<float>(mean), 2, start.frames[0].slices[0]);
  RC_ASSERT(std::abs(suv(calibrated(start, human_study())) - 1) < kRounding);
  RC_ASSERT(std::abs(suv(calibrated(none, human_study())) - 1) < kRounding);
}

RC_GTEST_PROP(CalibrateProperty, TheReferenceOfTheStoredValuesDoesNotMatter, ()) {
  const double shift = *rc::gen::inRange(-7200, 7200);
  auto series = fdg_series();
  series.facts.decay_correction = DecayCorrection::stated_time;
  series.facts.decay_reference_local_s = at("2025-01-01T11:00:00") + shift;
  const double stored = kDose_bq / kMass_g * nuclide::decay_factor(3600 + shift, kF18_s);
  series.frames[0] = frame(static_cast<float>(stored), 1, series.frames[0].slices[0]);
  RC_ASSERT(std::abs(suv(calibrated(series, human_study())) - 1) < kRounding);
}

TEST(CalibrateActivity, DoseInMbqIsRefusedWithThatReason) {
  auto series = fdg_series();
  series.facts.injected_activity_bq = 368.08;
  const auto said = refusal([&] { (void)calibrated(series, human_study()); });
  EXPECT_SAYS(said, "MBq where Bq belongs");
  EXPECT_SAYS(said, "study.toml:7: scan[1] (pet)");
}

TEST(CalibrateActivity, AThirdMoreThanInjectedPassesTwiceDoesNot) {
  // 36 voxels of 8 mL hold 288 g of the 70 kg: fill them with the wanted share of the injected
  // activity.
  const auto with_share = [](double share) {
    auto series = fdg_series();
    const double left = kDose_bq * nuclide::decay_factor(3600, kF18_s);
    series.frames[0] = frame(static_cast<float>(share * left / 288), 3, series.frames[0].slices[0]);
    return series;
  };
  EXPECT_NO_THROW((void)calibrated(with_share(1.3), human_study()));
  EXPECT_SAYS(refusal([&] { (void)calibrated(with_share(2.0), human_study()); }), "crop");
}

TEST(CalibrateActivity, NegativeNoiseCancelsInTheTotal) {
  auto series = fdg_series();
  const double left = kDose_bq * nuclide::decay_factor(3600, kF18_s);
  auto& values = series.frames[0].values.values();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>((i % 2 ? 10.0 : -9.9) * left / 288);
  EXPECT_NO_THROW((void)calibrated(series, human_study()));
}

TEST(CalibrateActivity, PlaceholderDoseCountsAsMissing) {
  for (const double placeholder : {0.0, 1.0}) {
    auto series = fdg_series();
    series.facts.injected_activity_bq = placeholder;
    const auto scan = calibrated(series, human_study());
    EXPECT_FALSE(scan.injected_bq);
    EXPECT_TRUE(mentions(scan.warnings, "placeholder"));
  }
}

TEST(CalibrateActivity, StudyAgainstHeader) {
  auto study = human_study();
  study.administrations.push_back({.id = "t1",
                                   .method = "",
                                   .activity_bq = kDose_bq * 1.05,
                                   .measured_at_utc_s = at("2025-01-01T10:00:00")});
  const auto said = refusal([&] { (void)calibrated(fdg_series(), study); });
  EXPECT_SAYS(said, "386.5 MBq");
  EXPECT_SAYS(said, "368.1 MBq");
  EXPECT_SAYS(said, "field = \"injected_activity\"");
  study.overrides.push_back({"injected_activity", "console default"});
  const auto scan = calibrated(fdg_series(), study);
  EXPECT_NEAR(*scan.injected_bq, kDose_bq * 1.05, 1);
  EXPECT_TRUE(mentions(scan.warnings, "console default"));
  // The header's dose as dispensed agrees with the syringe, and the residual still comes off.
  study.overrides.clear();
  study.administrations[0].activity_bq = kDose_bq;
  study.administrations[0].residual_bq = 0.1 * kDose_bq;
  EXPECT_NEAR(*calibrated(fdg_series(), study).injected_bq, 0.9 * kDose_bq, 1);
}

TEST(CalibrateMass, ZeroIsMissingAndGramsInTheKilogramFieldAreExplained) {
  auto series = fdg_series();
  series.facts.body_mass_g = 0;
  EXPECT_FALSE(calibrated(series, human_study()).body_mass_g);
  auto study = human_study();
  study.subject.species = "mouse";
  series.facts.body_mass_g = 21400;  // "21.4" in a field of kilograms
  const auto said = refusal([&] { (void)calibrated(series, study); });
  EXPECT_SAYS(said, "21.4 kg for a mouse");
  EXPECT_SAYS(said, "subject.body_mass = \"21.4 g\"");
  study.subject.body_mass_g = 21.4;
  const auto scan = calibrated(series, study);
  EXPECT_DOUBLE_EQ(*scan.body_mass_g, 21.4);
  EXPECT_TRUE(mentions(scan.warnings, "grams into a field of kilograms"));
}

TEST(CalibrateMass, ContradictionNeedsAnOverride) {
  auto study = human_study();
  study.subject.body_mass_g = 75000;
  EXPECT_SAYS(refusal([&] { (void)calibrated(fdg_series(), study); }), "75 kg against 70 kg");
  study.overrides.push_back({"body_mass", "weighed again"});
  EXPECT_DOUBLE_EQ(*calibrated(fdg_series(), study).body_mass_g, 75000);
}

TEST(CalibrateTime, InjectionWithoutDateIsGuessedForShortHalfLivesOnly) {
  auto series = fdg_series();
  series.facts.injection_local_s.reset();
  series.facts.injection_time_only_s = 10 * 3600;
  const auto same_day = calibrated(series, human_study());
  EXPECT_NEAR(suv(same_day), 1.0, kRounding);
  EXPECT_TRUE(mentions(same_day.warnings, "the date of the series"));
  // Across midnight (DRO_4_2): 23:30 the day before.
  series.facts.injection_time_only_s = 23.5 * 3600;
  for (auto& slice : series.frames[0].slices) slice.start_local_s = at("2025-01-01T00:30:00");
  series.facts.series_local_s = at("2025-01-01T00:30:00");
  const auto before = calibrated(series, human_study());
  EXPECT_NEAR(suv(before), 1.0, kRounding);
  EXPECT_TRUE(mentions(before.warnings, "the day before"));
  // Zr-89: no guess; the study file answers.
  series.facts.nuclide = "Zr-89";
  series.facts.half_life_s = kZr89_s;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }),
              "state injected_at with its date");
  auto study = human_study();
  study.administrations.push_back(
      {.id = "t1", .method = "", .given_at_utc_s = at("2024-12-28T23:30:20")});
  EXPECT_DOUBLE_EQ(calibrated(series, study).administered_utc_s, at("2024-12-28T23:30:20"));
  study.administrations[0].given_at_utc_s = at("2024-12-28T22:30:00");
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "field = \"injection_time\"");
}

TEST(CalibrateTime, ImpossibleDatesCountAsMissing) {
  // Shifted apart by de-identification: a day after the scan, 41 days before it.
  for (const double days : {1.0, -41.0}) {
    auto series = fdg_series();
    *series.facts.injection_local_s += days * 86400;
    const auto scan = calibrated(series, human_study());
    EXPECT_NEAR(suv(scan), 1.0, kRounding);
    EXPECT_TRUE(mentions(scan.warnings, "which cannot be"));
    // A long half-life is refused: the day cannot be guessed.
    series.facts.nuclide = "Zr-89";
    series.facts.half_life_s = kZr89_s;
    *series.facts.injection_local_s += days * 4 * 86400;
    EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }),
                days > 0 ? "before the injection" : "half-lives");
    // The study's date answers; the header's time of day agrees with it.
    auto study = human_study();
    study.administrations.push_back(
        {.id = "t1", .method = "", .given_at_utc_s = at("2024-12-31T10:00:30")});
    EXPECT_DOUBLE_EQ(calibrated(series, study).administered_utc_s, at("2024-12-31T10:00:30"));
  }
  auto series = fdg_series();
  series.facts.injection_local_s.reset();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "add injected_at");
}

TEST(CalibrateTime, StudyTimeMovesTheScannersClockOnlyByOverride) {
  auto study = human_study();
  study.scans[0].time_utc_s = at("2025-01-01T11:10:00");
  EXPECT_SAYS(refusal([&] { (void)calibrated(fdg_series(), study); }), "field = \"scan_time\"");
  study.overrides.push_back({"scan_time", "clock ten minutes slow"});
  const auto scan = calibrated(fdg_series(), study);
  EXPECT_DOUBLE_EQ(scan.frames[0].start_utc_s, at("2025-01-01T11:10:00"));
  EXPECT_DOUBLE_EQ(*scan.reference.utc_s, at("2025-01-01T11:10:00"));
}

TEST(CalibrateTime, FileWithoutTimesTakesThoseOfTheStudy) {
  auto series = fdg_series();
  series.facts.series_local_s.reset();
  series.facts.decay_correction = DecayCorrection::unknown;
  series.frames[0].slices = {};
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "state time");
  auto study = human_study();
  study.scans[0].time_utc_s = at("2025-01-01T11:00:00");
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "decay_corrected_to");
  study.scans[0].decay_corrected_to = "scan-start";
  study.scans[0].frame_duration_s = {300};
  EXPECT_NEAR(suv(calibrated(series, study)), 1.0, kRounding);
  study.scans[0].decay_corrected_to = "none";
  study.scans[0].frame_duration_s.clear();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, study); }), "frame_duration");
}

TEST(CalibrateTime, RelativeTimesKeepTheirIntervals) {
  // A sidecar that counts from the injection: frames at 3600 s, corrected to the scan's start, no
  // date anywhere.
  auto series = fdg_series();
  auto& facts = series.facts;
  facts.series_local_s.reset();
  facts.series_date_local_s.reset();
  facts.injection_local_s.reset();
  for (auto& slice : series.frames[0].slices) slice.start_local_s.reset();
  facts.frame_starts_relative_s = {3600};
  facts.scan_start_relative_s = 3600;
  facts.injection_relative_s = 0;
  facts.time_zero_of_day_s = 10 * 3600;
  const auto scan = calibrated(series, human_study());
  EXPECT_NEAR(suv(scan), 1.0, kRounding);
  EXPECT_TRUE(mentions(scan.warnings, "without a date"));
  auto study = human_study();
  study.scans[0].time_utc_s = at("2025-01-01T11:00:00");
  const auto dated = calibrated(series, study);
  EXPECT_NEAR(suv(dated), 1.0, kRounding);
  EXPECT_DOUBLE_EQ(dated.administered_utc_s, at("2025-01-01T10:00:00"));
}

TEST(CalibrateNuclide, TableHeaderAndMethod) {
  auto series = fdg_series();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study(), "Zr-89"); }),
              "the header says F-18");
  series.facts.half_life_s = kF18_s * 1.02;
  EXPECT_TRUE(mentions(calibrated(series, human_study()).warnings, "half-life"));
  series.facts.half_life_s = 60.0;
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "field = \"half_life\"");
  auto study = human_study();
  study.overrides.push_back({"half_life", "minutes written"});
  EXPECT_DOUBLE_EQ(calibrated(series, study).half_life_s, kF18_s);
  // Not in the tables (DRO_5_0): the header's, with a warning.
  series.facts.nuclide = "Ga-68";
  series.facts.half_life_s = 4062.6;
  const auto scan = calibrated(series, human_study());
  EXPECT_DOUBLE_EQ(scan.half_life_s, 4062.6);
  EXPECT_TRUE(mentions(scan.warnings, "Ga-68 is not in the tables"));
  series.facts.half_life_s.reset();
  EXPECT_SAYS(refusal([&] { (void)calibrated(series, human_study()); }), "half-life");
}

TEST(CalibrateCells, HoursCountFromTheInfusion) {
  auto study = human_study();
  records::Infusion infusion;
  infusion.infused_at_utc_s = at("2025-01-01T09:00:00");
  study.infusions.push_back(infusion);
  study.administrations.push_back(
      {.id = "t1", .method = "", .given_at_utc_s = at("2025-01-01T10:00:00")});
  const auto scan = calibrated(fdg_series(), study);
  EXPECT_DOUBLE_EQ(scan.origin_utc_s, at("2025-01-01T09:00:00"));
  EXPECT_DOUBLE_EQ(scan.administered_utc_s, at("2025-01-01T10:00:00"));
}

}  // namespace
}  // namespace sojourn::measure
