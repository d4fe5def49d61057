#include "sojourn/measure/measure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "shared/centered_cube.h"
#include "sojourn/core/random.h"
#include "sojourn/image/shapes.h"

namespace {

using namespace sojourn;
using image::Volume;

records::Scan scan_of(Volume<float> image) {
  records::Scan scan;
  scan.number = 2;
  scan.tracer = "label";
  scan.origin_utc_s = 1000;
  scan.administered_utc_s = 1000;
  scan.injected_bq = 5e6;
  scan.body_mass_g = 20;
  records::ScanFrame frame;
  frame.concentration_bq_per_ml = std::move(image);
  frame.start_utc_s = 1000 + 3600 - 300;
  frame.duration_s = 600;
  frame.mid_utc_s = 1000 + 3600;
  frame.to_administration = 1.25;
  scan.frames.push_back(std::move(frame));
  return scan;
}

TEST(MeasureRegions, RowHoldsVolumeActivityInjectedDoseAndSuv) {
  const auto scan = scan_of(Volume<float>(test::centered_cube(20, 2), 1000.0F));
  const auto ball = image::sphere_region("liver", {1, 2, 3}, 9, test::centered_cube(120, 0.3));
  const auto rows = measure::measure_regions(scan, {ball}, {});
  ASSERT_EQ(rows.size(), 1u);
  const auto& row = rows[0];
  EXPECT_EQ(row.scan, 2);
  EXPECT_EQ(row.frame, 1);
  EXPECT_EQ(row.region, "liver");
  EXPECT_DOUBLE_EQ(row.hours, 1);
  EXPECT_DOUBLE_EQ(row.frame_start_s, 0);
  EXPECT_DOUBLE_EQ(row.frame_duration_s, 600);
  const double ml = ball.volume_ml();
  EXPECT_NEAR(row.volume_ml, ml, 1e-9);
  EXPECT_NEAR(row.activity_bq, 1000 * ml, 1e-6);
  EXPECT_NEAR(row.activity_dc_bq, 1250 * ml, 1e-6);
  EXPECT_NEAR(row.percent_id.value(), 100 * 1250 * ml / 5e6, 1e-9);
  EXPECT_NEAR(row.percent_id_per_ml.value(), 100 * 1250 / 5e6, 1e-9);
  // SUV: concentration at mid-frame over activity at mid-frame per gram: 1000 / (5e6 / 1.25 / 20).
  EXPECT_NEAR(measure::suv_per_bq_per_ml(scan, scan.frames[0]).value(), 20 * 1.25 / 5e6, 1e-15);
  EXPECT_NEAR(row.suv_mean.value(), 0.005, 1e-9);
  EXPECT_NEAR(row.suv_max.value(), 0.005, 1e-9);
  EXPECT_NEAR(row.suv_peak.value(), 0.005, 1e-9);
}

TEST(MeasureRegions, NoSuvWithoutMassAndNoPercentWithoutInjectedActivity) {
  auto scan = scan_of(Volume<float>(test::centered_cube(20, 2), 1000.0F));
  const auto ball = image::sphere_region("liver", {0, 0, 0}, 9, test::centered_cube(20, 2));
  scan.body_mass_g.reset();
  auto rows = measure::measure_regions(scan, {ball}, {});
  EXPECT_FALSE(rows[0].suv_mean || rows[0].suv_max || rows[0].suv_peak);
  EXPECT_TRUE(rows[0].percent_id);
  scan.injected_bq.reset();
  rows = measure::measure_regions(scan, {ball}, {});
  EXPECT_FALSE(rows[0].percent_id || rows[0].percent_id_per_ml);
  EXPECT_GT(rows[0].activity_bq, 0);
}

TEST(MeasureRegions, SuvMaxNeedsHalfAVoxelUnlessTheRegionHasNone) {
  Volume<float> image(test::centered_cube(20, 2), 1.0F);
  image.at(10, 10, 10) = 100;
  image.at(12, 10, 10) = 50;
  auto scan = scan_of(image);
  // Covers a tenth of the hottest voxel, and all of the next two.
  const auto at = image.geometry().to_mm({10, 10, 10});
  const auto box = image::box_region("box", {at[0] + 0.8, at[1] - 1, at[2] - 1},
                                     {at[0] + 5, at[1] + 1, at[2] + 1});
  const auto speck = image::box_region("speck", {at[0] - 0.1, at[1] - 0.1, at[2] - 0.1},
                                       {at[0] + 0.1, at[1] + 0.1, at[2] + 0.1});
  const auto rows = measure::measure_regions(scan, {box, speck}, {});
  const double suv = measure::suv_per_bq_per_ml(scan, scan.frames[0]).value();
  EXPECT_NEAR(rows[0].suv_max.value() / suv, 50, 1e-6);
  EXPECT_NEAR(rows[1].suv_max.value() / suv, 100, 1e-6);
  EXPECT_NEAR(rows[1].activity_bq, 100 * 8e-6, 1e-12);
}

TEST(MeasureRegions, EmptyAndOutsideRegionsAreResults) {
  Volume<float> image(test::centered_cube(30, 2));
  core::Random random(5);
  for (float& v : image.values()) v = static_cast<float>(10 + random.normal());
  const auto scan = scan_of(image);
  image::RegionMask empty;
  empty.name = "node";
  const auto half =
      image::box_region("half", {-40, -5, -5}, {-20, 5, 5});  // the image begins at -30
  std::vector<std::string> warnings;
  const auto rows = measure::measure_regions(scan, {empty, half}, {}, &warnings);
  EXPECT_EQ(rows[0].activity_bq, 0);
  EXPECT_EQ(rows[0].volume_ml, 0);
  EXPECT_FALSE(rows[0].suv_mean);
  EXPECT_FALSE(rows[0].percent_id_per_ml);
  EXPECT_GT(rows[0].detection_limit_bq.value(), 0);
  EXPECT_NEAR(rows[1].volume_ml, 1.0, 1e-9);
  ASSERT_FALSE(warnings.empty());
  EXPECT_NE(warnings[0].find("half: 50 %"), std::string::npos) << warnings[0];
}

TEST(MeasureRegions, NamedBackgroundServesAloneAndNoRoomIsSaid) {
  Volume<float> image(test::centered_cube(30, 2));
  core::Random random(6);
  for (std::size_t n = 0; n < image.values().size(); ++n) {
    const bool noisy = image.geometry().index_of(n)[0] >= 15;
    image.values()[n] = static_cast<float>(10 + (noisy ? 5 : 0.1) * random.normal());
  }
  const auto scan = scan_of(image);
  const auto spot = image::box_region("spot", {-2, -2, -2}, {2, 2, 2});
  const auto quiet = image::box_region("quiet", {-30, -30, -30}, {-2, 30, 30});
  const auto loud = image::box_region("loud", {2, -30, -30}, {30, 30, 30});
  const auto limit = [&](const image::RegionMask& background) {
    return measure::measure_regions(scan, {spot}, {{background}, nullptr})[0]
        .detection_limit_bq.value();
  };
  EXPECT_GT(limit(loud), 2 * limit(quiet));
  std::vector<std::string> warnings;
  (void)measure::measure_regions(scan, {quiet}, {{spot}, nullptr}, &warnings);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("quiet"), std::string::npos);
}

TEST(MeasureRegions, SameActivityFromAnyGridOfTheRegion) {
  Volume<float> image(test::centered_cube(20, 2));
  core::Random random(7);
  for (float& v : image.values()) v = static_cast<float>(random.uniform());
  const auto scan = scan_of(image);
  image::RegionMask coarse = image::box_region("box", {-7, -5, -3}, {9, 4, 5});
  image::RegionMask fine = coarse;
  image::Geometry g;
  g.size = {32, 18, 16};
  g.spacing_mm = {0.5, 0.5, 0.5};
  g.origin_mm = {-6.75, -4.75, -2.75};
  fine.fraction = Volume<float>(g, 1.0F);
  const auto rows = measure::measure_regions(scan, {coarse, fine}, {});
  EXPECT_NEAR(rows[0].activity_bq / rows[1].activity_bq, 1, 1e-9);
}

}  // namespace
