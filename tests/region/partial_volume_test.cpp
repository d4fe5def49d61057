#include "sojourn/region/partial_volume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "shared/centered_cube.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/image/shapes.h"
#include "sojourn/region/tissue_parts.h"
#include "sojourn/units/units.h"

namespace {

using namespace sojourn;
using image::RegionMask;
using image::Volume;

struct Object {
  image::Vec3 center;
  double radius, concentration;
};

/// Body of 30 mm radius with balls, on a grid thrice as fine as the image, blurred there and
/// averaged over voxels: the truth does not know the image's grid.
class Phantom {
 public:
  Phantom(std::vector<Object> objects, double body_concentration, double fwhm_mm)
      : grid(test::centered_cube(36, 2.0)), fine_(test::centered_cube(108, 2.0 / 3)) {
    body = image::sphere_region("body", {0, 0, 0}, 30, fine_);
    Volume<float> truth = image::fraction_on(body, fine_);
    for (float& v : truth.values()) v *= static_cast<float>(body_concentration);
    for (const auto& object : objects) {
      regions.push_back(image::sphere_region("ball" + std::to_string(regions.size()), object.center,
                                             object.radius, fine_));
      truth_bq.push_back(object.concentration * regions.back().volume_ml());
      const auto inside = image::fraction_on(regions.back(), fine_);
      for (std::size_t n = 0; n < inside.values().size(); ++n) {
        truth.values()[n] +=
            inside.values()[n] * (static_cast<float>(object.concentration) - truth.values()[n]);
      }
    }
    const double sigma = fwhm_mm / units::kFwhmPerSigma / fine_.spacing_mm[0];
    region::Block block{{0, 0, 0}, fine_.size, truth.values()};
    region::blur(block, {sigma, sigma, sigma});
    image = Volume<float>(grid);
    for (std::size_t n = 0; n < block.values.size(); ++n) {
      const auto at = fine_.index_of(n);
      image.at(at[0] / 3, at[1] / 3, at[2] / 3) += block.values[n] / 27.0F;
    }
  }

  image::Geometry grid;
  Volume<float> image;
  RegionMask body;
  std::vector<RegionMask> regions;
  std::vector<double> truth_bq;

 private:
  image::Geometry fine_;
};

TEST(PartialVolume, NoiseFreePhantomIsRestoredWithinOnePercent) {
  const Phantom phantom({{{-12, 0, 0}, 8, 100}, {{10, 3, 0}, 5, 60}, {{9, -12, 4}, 6, 30}}, 10,
                        5.0);
  const auto pv =
      region::correct_partial_volume(phantom.image, phantom.regions, {5, 5, 5}, &phantom.body);
  EXPECT_TRUE(pv.warnings.empty());
  for (std::size_t r = 0; r < 3; ++r) {
    EXPECT_NEAR(pv.activity_bq[r] / phantom.truth_bq[r], 1, 0.01) << r;
    EXPECT_LT(pv.uncorrected_bq[r] / phantom.truth_bq[r], 0.95)
        << r;  // there was something to correct
    EXPECT_NEAR(pv.recovery[r], pv.uncorrected_bq[r] / pv.activity_bq[r], 1e-12);
    EXPECT_GT(pv.noise_gain[r], 1) << r;
    EXPECT_LT(pv.noise_gain[r], 3) << r;
    EXPECT_GT(pv.recovery_relative_sd[r], 0.001);
    EXPECT_LT(pv.recovery_relative_sd[r], 0.1);
  }
}

TEST(PartialVolume, BodyFoundInTheImageServesAsWell) {
  const Phantom phantom({{{-12, 0, 0}, 8, 100}, {{20, 0, 0}, 9, 60}}, 10,
                        5.0);  // the second at the skin
  const auto pv = region::correct_partial_volume(phantom.image, phantom.regions, {5, 5, 5});
  EXPECT_NEAR(pv.activity_bq[0] / phantom.truth_bq[0], 1, 0.01);
  EXPECT_NEAR(pv.activity_bq[1] / phantom.truth_bq[1], 1,
              0.02);  // the body's edge is only estimated
}

TEST(PartialVolume, SpillInFromAHotNeighbourIsTakenOut) {
  const Phantom phantom({{{-8, 0, 0}, 8, 200}, {{6, 0, 0}, 6, 5}}, 5, 6.0);
  const auto pv =
      region::correct_partial_volume(phantom.image, phantom.regions, {6, 6, 6}, &phantom.body);
  EXPECT_GT(pv.uncorrected_bq[1] / phantom.truth_bq[1], 1.3);  // mostly its neighbour's
  EXPECT_GT(pv.recovery[1], 1.3);
  EXPECT_NEAR(pv.activity_bq[1] / phantom.truth_bq[1], 1, 0.02);
}

TEST(PartialVolume, IsolatedHotObjectsRecoverLessTheSmallerTheyAre) {
  double last = 1;
  for (const double radius : {10.0, 7.0, 5.0, 3.5}) {
    const Phantom phantom({{{0, 0, 0}, radius, 100}}, 0, 5.0);
    const auto pv =
        region::correct_partial_volume(phantom.image, phantom.regions, {5, 5, 5}, &phantom.body);
    EXPECT_LT(pv.recovery[0], last);
    // A ball of 1.75 voxels' radius is resolved to 3 % by its fractions on the grid; larger ones
    // well within 1 %.
    EXPECT_NEAR(pv.activity_bq[0] / phantom.truth_bq[0], 1, radius < 4 ? 0.03 : 0.01) << radius;
    last = pv.recovery[0];
  }
}

TEST(PartialVolume, NothingIsCorrectedWithoutBlur) {
  const Phantom phantom({{{0, 0, 0}, 8, 100}}, 10, 5.0);
  const auto pv =
      region::correct_partial_volume(phantom.image, phantom.regions, {0, 0, 0}, &phantom.body);
  EXPECT_EQ(pv.activity_bq[0], pv.uncorrected_bq[0]);
  EXPECT_EQ(pv.recovery[0], 1);
  EXPECT_EQ(pv.noise_gain[0], 1);
}

TEST(PartialVolume, OverlapsCountInBothAndEmptyAndTinyRegionsStayAsMeasured) {
  Phantom phantom({{{-5, 0, 0}, 9, 100}}, 10, 5.0);
  auto regions = phantom.regions;
  regions.push_back(phantom.body);
  regions.push_back(RegionMask{"empty", 0, {}});
  regions.push_back(image::sphere_region("speck", {18, 0, 0}, 0.4, test::centered_cube(360, 0.2)));
  const auto pv = region::correct_partial_volume(phantom.image, regions, {5, 5, 5}, &phantom.body);
  const double body_bq =
      phantom.truth_bq[0] + 10 * (phantom.body.volume_ml() - phantom.regions[0].volume_ml());
  EXPECT_NEAR(pv.activity_bq[0] / phantom.truth_bq[0], 1, 0.01);
  EXPECT_NEAR(pv.activity_bq[1] / body_bq, 1, 0.01);
  EXPECT_EQ(pv.activity_bq[2], 0);
  EXPECT_TRUE(std::isnan(pv.recovery[2]));
  EXPECT_EQ(pv.activity_bq[3], pv.uncorrected_bq[3]);
  EXPECT_TRUE(std::isnan(pv.recovery[3]));
  ASSERT_EQ(pv.warnings.size(), 1u);
  EXPECT_NE(pv.warnings[0].find("speck"), std::string::npos);
}

TEST(PartialVolume, ActivityOfAllPartsIsKept) {
  // Regions that fill the body: their corrected sum is the image's sum, for the air holds nothing.
  const Phantom phantom({{{-9, 0, 0}, 9, 100}, {{10, 0, 0}, 7, 50}}, 10, 5.0);
  auto regions = phantom.regions;
  regions.push_back(phantom.body);
  const auto pv = region::correct_partial_volume(phantom.image, regions, {5, 5, 5}, &phantom.body);
  const double total =
      std::accumulate(phantom.image.values().begin(), phantom.image.values().end(), 0.0) *
      phantom.grid.voxel_ml();
  EXPECT_NEAR(pv.activity_bq[2] / total, 1,
              0.005);  // the body's fractions on 2 mm voxels, and kernel tails
}

TEST(PartialVolume, SameForOneThread) {
  const Phantom phantom({{{-12, 0, 0}, 8, 100}, {{10, 3, 0}, 5, 60}}, 10, 5.0);
  const auto many =
      region::correct_partial_volume(phantom.image, phantom.regions, {5, 5, 5}, &phantom.body);
  const core::ThreadLimit limit(1);
  const auto one =
      region::correct_partial_volume(phantom.image, phantom.regions, {5, 5, 5}, &phantom.body);
  EXPECT_EQ(one.activity_bq, many.activity_bq);
}

TEST(PartialVolume, RegionsThatAreAllEmptyOrOutsideAreResults) {
  const Phantom phantom({{{0, 0, 0}, 8, 100}}, 10, 5.0);
  const auto outside = image::box_region("outside", {100, 100, 100}, {110, 110, 110});
  const auto pv = region::correct_partial_volume(
      phantom.image, {RegionMask{"empty", 0, {}}, outside}, {5, 5, 5}, &phantom.body);
  EXPECT_EQ(pv.activity_bq, (std::vector<double>{0, 0}));
  EXPECT_TRUE(std::isnan(pv.recovery[0]) && std::isnan(pv.recovery[1]));
  EXPECT_TRUE(pv.warnings.empty());
}

TEST(PartialVolume, RefusesALengthThatIsNone) {
  const Phantom phantom({{{0, 0, 0}, 8, 100}}, 10, 5.0);
  EXPECT_THROW((void)region::correct_partial_volume(phantom.image, phantom.regions, {5, -1, 5},
                                                    &phantom.body),
               Error);
  EXPECT_THROW((void)region::correct_partial_volume(phantom.image, phantom.regions, {5, 1e12, 5},
                                                    &phantom.body),
               Error);
}

TEST(Blur, KernelKeepsSumAndHasTheGaussiansVariance) {
  for (const double sigma : {0.2, 0.5, 0.9, 2.0}) {
    region::Block block{{0, 0, 0}, {41, 1, 1}, image::Volume<float>::Values(41, 0.0F)};
    block.values[20] = 1;
    region::blur(block, {sigma, 0, 0});
    double sum = 0, second = 0;
    for (int n = 0; n < 41; ++n) {
      sum += static_cast<double>(block.values[static_cast<std::size_t>(n)]);
      second +=
          (n - 20) * (n - 20) * static_cast<double>(block.values[static_cast<std::size_t>(n)]);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(second / (sigma * sigma), 1, 1e-4);  // adjusted for the cut tail
  }
}

}  // namespace
