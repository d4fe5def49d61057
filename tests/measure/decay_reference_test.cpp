#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "measure/series_builder.h"

namespace sojourn::measure {
namespace {

using namespace sojourn::test;
using records::DecayCorrection;

constexpr double kStart = 1735729200;  // 2025-01-01T11:00:00

records::ReferenceTime reference(const records::ImageSeries& series, double half_life_s = kF18_s) {
  return decay_reference(series, 0, 0, half_life_s, std::nullopt);
}

TEST(DecayReference, SeriesTimeWhereItIsNotAfterTheAcquisition) {
  const auto r = reference(fdg_series());
  EXPECT_DOUBLE_EQ(*r.utc_s, kStart);
  EXPECT_EQ(r.rule, "series date and time");
  EXPECT_TRUE(r.warnings.empty());
  // Both estimates are kept; the slices' lies 1.2 s off: half of the frame against its
  // mean-activity time.
  EXPECT_DOUBLE_EQ(*r.by_series_utc_s, kStart);
  EXPECT_NEAR(*r.by_slices_utc_s, kStart, 1.5);
}

TEST(DecayReference, SeriesTimeAfterTheAcquisitionFallsToTheSlices) {
  // As DRO_3_2: series at 11:30, beds from 11:02:30 and 11:05:00, 603 s, frame reference 450 and
  // 600 s.
  auto series = fdg_series();
  series.facts.series_local_s = at("2025-01-01T11:30:00");
  auto& slices = series.frames[0].slices;
  slices[0] = slices[1] = {at("2025-01-01T11:02:30"), 603.0, 450.0, 1.0};
  slices[2] = {at("2025-01-01T11:05:00"), 603.0, 600.0, 1.0};
  const auto r = reference(series);
  EXPECT_EQ(r.rule, "back-computed from the slices");
  EXPECT_NEAR(*r.utc_s, kStart, 2.0);  // mean-activity time against the object's own mid-time
  EXPECT_TRUE(mentions(r.warnings, "series date and time")) << "1800 s of F-18 matter";
}

TEST(DecayReference, PrivateTimeComesFirst) {
  // As DRO_3_3: acquisition half an hour after the private reference.
  auto series = fdg_series();
  series.facts.private_reference_local_s = at("2025-01-01T11:00:00");
  series.facts.private_reference_name = "GE private (0009,100D)";
  series.facts.series_local_s = at("2025-01-01T11:30:00");
  for (auto& slice : series.frames[0].slices) slice.start_local_s = at("2025-01-01T11:30:00");
  const auto r = reference(series);
  EXPECT_EQ(r.rule, "GE private (0009,100D)");
  EXPECT_DOUBLE_EQ(*r.utc_s, kStart);
  EXPECT_EQ(r.warnings.size(), 2U) << "both estimates are 20 % of activity off";
}

TEST(DecayReference, PrivateTimeShiftedByDeidentificationIsRejected) {
  auto series = fdg_series();
  series.facts.private_reference_local_s = at("2024-12-08T11:00:00");
  series.facts.private_reference_name = "GE private (0009,100D)";
  const auto r = reference(series);
  EXPECT_EQ(r.rule, "series date and time");
  EXPECT_TRUE(mentions(r.warnings, "more than a day from Series Date"));
}

TEST(DecayReference, PrivateTimeAcrossMidnightIsKept) {
  auto series = fdg_series();
  series.facts.private_reference_local_s = at("2024-12-31T23:59:00");
  series.facts.private_reference_name = "Siemens private (0071,1022)";
  EXPECT_EQ(reference(series).rule, "Siemens private (0071,1022)");
}

TEST(DecayReference, AdministrationStatedTimeNoneAndUnknown) {
  auto series = fdg_series();
  series.facts.decay_correction = DecayCorrection::administration;
  EXPECT_DOUBLE_EQ(*decay_reference(series, 0, 0, kF18_s, 1234.0).utc_s, 1234.0);
  EXPECT_SAYS(refusal([&] { (void)reference(series); }), "injected_at");
  series.facts.decay_correction = DecayCorrection::none;
  EXPECT_FALSE(reference(series).utc_s);
  series.facts.decay_correction = DecayCorrection::stated_time;
  EXPECT_SAYS(refusal([&] { (void)reference(series); }), "decay_corrected_to");
  series.facts.decay_reference_local_s = kStart - 60;
  EXPECT_DOUBLE_EQ(*reference(series).utc_s, kStart - 60);
  series.facts.decay_correction = DecayCorrection::unknown;
  EXPECT_SAYS(refusal([&] { (void)reference(series); }), "decay_corrected_to");
}

TEST(DecayReference, ZoneAndOffsetOfTheScannersClock) {
  auto series = fdg_series();
  EXPECT_DOUBLE_EQ(*decay_reference(series, 60, 0, kF18_s, {}).utc_s, kStart - 3600);
  EXPECT_DOUBLE_EQ(*decay_reference(series, 0, -90, kF18_s, {}).utc_s, kStart - 90);
  series.facts.zone_min = -300;  // the header's own zone wins
  EXPECT_DOUBLE_EQ(*decay_reference(series, 60, 0, kF18_s, {}).utc_s, kStart + 5 * 3600);
}

TEST(DecayReference, SlicesThatContradictEachOtherAreReported) {
  auto series = fdg_series();
  series.frames[0].slices[2].frame_reference_s =
      450.0;  // as headers that repeat one acquisition time for all beds
  EXPECT_TRUE(mentions(reference(series).warnings, "among themselves"));
  EXPECT_TRUE(reference(series, kZr89_s).warnings.empty()) << "300 s of Zr-89 are 0.07 %";
}

TEST(DecayReference, DecayFactorServesWhereTheFrameReferenceTimeIsMissing) {
  auto series = fdg_series();
  series.facts.series_local_s.reset();
  for (auto& slice : series.frames[0].slices) {
    slice.frame_reference_s.reset();
    slice.start_local_s = kStart + 600;
    slice.decay_factor = 1 / nuclide::decay_factor(600, kF18_s);
  }
  EXPECT_NEAR(*reference(series).utc_s, kStart, 1e-3);
}

RC_GTEST_PROP(DecayReferenceProperty, ShiftsWithTheScannersClock, ()) {
  const double shift = *rc::gen::inRange(-500000, 500000);
  auto series = fdg_series();
  const auto before = reference(series);
  *series.facts.series_local_s += shift;
  *series.facts.series_date_local_s += shift;
  for (auto& slice : series.frames[0].slices) *slice.start_local_s += shift;
  const auto after = reference(series);
  RC_ASSERT(std::abs(*after.utc_s - *before.utc_s - shift) < 1e-6);
  RC_ASSERT(std::abs(*after.by_slices_utc_s - *before.by_slices_utc_s - shift) < 1e-6);
}

}  // namespace
}  // namespace sojourn::measure
