// The verification objects of the IBSI SUV working group: every one converts to SUV 4.00 in the hot
// sphere, 1.00 in the background and 0.20 in the cold sphere.
// @source Vacha et al., IBSI SUV computation manual and DROs, OncoRay 2026 (CC BY 4.0),
// DRO_list.csv.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "shared/shared_data.h"
#include "sojourn/core/error.h"
#include "sojourn/io/image_import.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn {
namespace {

std::optional<measure::KnownNuclide> tabled(const std::string& name) {
  const auto known = nuclide::known();
  if (std::find(known.begin(), known.end(), name) == known.end()) return std::nullopt;
  return measure::KnownNuclide{name, nuclide::find(name).half_life_s};
}

records::Scan calibrate(const std::filesystem::path& folder) {
  records::Study study;
  study.subject.id = "dro";
  study.subject.species = "human";
  records::ScanRequest request;
  request.image = folder;
  request.image_as_written = folder.filename().string();
  study.scans.push_back(request);
  return measure::calibrate(io::import_image(folder), study, study.scans[0], 1, tabled, "");
}

/// Mean SUV by body weight in a cube of 5 voxels around a point of the objects, given in voxels of
/// 4 mm.
double mean_suv(const records::Scan& scan, double x, double y, double z) {
  const auto& frame = scan.frames.at(0);
  const auto& grid = frame.concentration_bq_per_ml.geometry();
  const auto centre = grid.to_voxel({4 * x, 4 * y, 4 * z});
  double sum = 0;
  int n = 0;
  for (int dk = -2; dk <= 2; ++dk)
    for (int dj = -2; dj <= 2; ++dj)
      for (int di = -2; di <= 2; ++di, ++n) {
        sum += double{frame.concentration_bq_per_ml.at(static_cast<int>(centre[0] + 0.5) + di,
                                                       static_cast<int>(centre[1] + 0.5) + dj,
                                                       static_cast<int>(centre[2] + 0.5) + dk)};
      }
  return sum / n * frame.to_administration * scan.body_mass_g.value() / scan.injected_bq.value();
}

class SuvDroPublished : public testing::TestWithParam<const char*> {};

TEST_P(SuvDroPublished, BackgroundHotAndColdSphere) {
  SOJOURN_NEEDS_SHARED(folder, "data/ibsi_suv_dro/DRO/" + std::string(GetParam()) + "/PT");
  const auto scan = calibrate(folder);
  // 1 %: the objects print two decimals; half-lives of header and table differ by 0.03 %.
  EXPECT_NEAR(mean_suv(scan, 158, 128, 10), 4.0, 0.04);
  EXPECT_NEAR(mean_suv(scan, 128, 128, 10), 1.0, 0.01);
  EXPECT_NEAR(mean_suv(scan, 98, 128, 10), 0.2, 0.002);
}

INSTANTIATE_TEST_SUITE_P(Objects, SuvDroPublished,
                         testing::Values("DRO_0_0", "DRO_1_0", "DRO_2_0", "DRO_2_4", "DRO_3_1",
                                         "DRO_3_2", "DRO_4_0", "DRO_4_2"));

TEST(SuvDroRefused, DoseWrittenInMbqIsRefusedWithThatReason) {
  SOJOURN_NEEDS_SHARED(folder, "data/ibsi_suv_dro/DRO/DRO_3_0/PT");
  try {
    (void)calibrate(folder);
    FAIL() << "an SUV a million times too high passed";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("MBq where Bq belongs"), std::string::npos) << e.what();
    EXPECT_EQ(e.exit_status(), 2);
  }
}

}  // namespace
}  // namespace sojourn
