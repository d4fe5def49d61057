#include "sojourn/study/recovery.h"

#include <gtest/gtest.h>

#include "shared/centered_cube.h"
#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/files.h"

namespace sojourn::study {
namespace {

/// One frame with liver (1000 Bq) and tumour (nothing measured), 4 MBq given, a decay factor of
/// 1.25 to the administration.
struct Scene {
  Scene() {
    scan.injected_bq = 4e6;
    records::ScanFrame frame;
    frame.concentration_bq_per_ml = image::Volume<float>(test::centered_cube(20, 1.0));
    frame.to_administration = 1.25;
    scan.frames.push_back(std::move(frame));
    for (const auto& [name, bq] : {std::pair{"liver", 1000.0}, {"tumour", 0.0}}) {
      records::Measurement row;
      row.scan = row.frame = 1;
      row.region = name;
      row.volume_ml = 2;
      row.activity_bq = row.activity_uncorrected_bq = bq;
      row.activity_dc_bq = bq * 1.25;
      row.percent_id = 100 * row.activity_dc_bq / 4e6;
      row.percent_id_per_ml = *row.percent_id / 2;
      row.noise_bq = 10;
      row.detection_limit_bq = 40;
      rows.push_back(row);
    }
  }
  void correct(const std::string& table) {
    core::write_file(folder.path() / "recovery.tsv", table);
    records::ScanRequest request;
    request.recovery = folder.path() / "recovery.tsv";
    correct_recovery(request, scan, {}, nullptr, rows, warnings);
  }
  test::TemporaryFolder folder;
  records::Scan scan;
  std::vector<records::Measurement> rows;
  std::vector<std::string> warnings;
};

TEST(Recovery, ATableCorrectsTheActivityAndAllThatFollows) {
  Scene scene;
  scene.correct("region\trecovery\trecovery_sd\nliver\t0.8\t0.04\n");
  const auto& liver = scene.rows[0];
  EXPECT_DOUBLE_EQ(liver.activity_bq, 1250);
  EXPECT_DOUBLE_EQ(liver.activity_uncorrected_bq, 1000);
  EXPECT_DOUBLE_EQ(liver.activity_dc_bq, 1562.5);
  EXPECT_DOUBLE_EQ(liver.percent_id.value(), 0.0390625);
  EXPECT_DOUBLE_EQ(liver.percent_id_per_ml.value(), 0.01953125);
  EXPECT_DOUBLE_EQ(liver.noise_bq, 12.5);
  EXPECT_DOUBLE_EQ(liver.detection_limit_bq.value(), 50);
  EXPECT_DOUBLE_EQ(liver.recovery.value(), 0.8);
  EXPECT_DOUBLE_EQ(liver.recovery_relative_sd, 0.05);
  EXPECT_FALSE(scene.rows[1].recovery);
  EXPECT_EQ(scene.rows[1].noise_bq, 10);
}

TEST(Recovery, RowsThatCannotBeAreRefused) {
  const auto said = [](const std::string& row) {
    Scene scene;
    return test::message_of([&] { scene.correct("region\trecovery\trecovery_sd\n" + row + "\n"); });
  };
  EXPECT_NE(said("liver\t0\t0").find("recovery.tsv:2: recovery:"), std::string::npos);
  EXPECT_NE(said("liver\t2.1\t0").find("(0, 2]"), std::string::npos);
  EXPECT_NE(said("liver\tn/a\t0").find("(0, 2]"), std::string::npos);
  EXPECT_NE(said("liver\t0.8\t-0.1").find("recovery_sd"), std::string::npos);
  EXPECT_NE(said("lung\t0.8\t0").find("\"lung\" is no region"), std::string::npos);
  EXPECT_NE(said("liver\t0.8\t0\nliver\t0.9\t0").find("recovery.tsv:3"), std::string::npos);
}

TEST(Recovery, ARegionWithoutMeasuredActivityIsCorrectedInAllItsColumns) {
  Scene scene;
  scene.scan.psf_fwhm_mm = image::Vec3{2, 2, 2};
  // A warm cube around a cold box: the box shows spill; its rows say "nothing measured".
  auto& image = scene.scan.frames[0].concentration_bq_per_ml;
  const auto grid = image.geometry();
  image::RegionMask tumour;
  tumour.name = "tumour";
  tumour.fraction = image::Volume<float>(grid.cropped({6, 6, 6}, {14, 14, 14}), 1.0F);
  for (std::size_t n = 0; n < image.values().size(); ++n) image.values()[n] = 50;
  correct_recovery({}, scene.scan, {tumour}, nullptr, scene.rows, scene.warnings);
  const auto& row = scene.rows[1];
  ASSERT_TRUE(row.recovery);
  ASSERT_NE(row.activity_bq, 0);
  EXPECT_DOUBLE_EQ(row.activity_dc_bq, 1.25 * row.activity_bq);
  EXPECT_DOUBLE_EQ(row.percent_id.value(), 100 * row.activity_dc_bq / 4e6);
  EXPECT_FALSE(scene.rows[0].recovery);
}

}  // namespace
}  // namespace sojourn::study
