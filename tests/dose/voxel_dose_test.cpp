#include "sojourn/dose/voxel_dose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "shared/centered_cube.h"
#include "shared/message_of.h"
#include "sojourn/dose/sphere_dose.h"
#include "sojourn/dose/voxel_kernel.h"

namespace {

using namespace sojourn::dose;
using sojourn::image::Volume;

const NuclideKernel& kernel() {
  static const NuclideKernel k(sojourn::nuclide::find("F-18"), 20000, 2000, 1);
  return k;
}

TEST(VoxelKernel, HoldsNearlyTheWholeElectrons) {
  const auto k = voxel_kernel(kernel(), {2, 2, 2}, {3, 3, 3}, 2000, 1);
  const double sum = std::accumulate(k.electrons.begin(), k.electrons.end(), 0.0);
  EXPECT_NEAR(sum / kernel().electron_energy_kev(), 1, 5e-3);
  // the eight mirror images are one
  EXPECT_EQ(k.photons[0], k.photons.back());
}

TEST(VoxelKernel, FarAndNearTogetherHoldThePhotonsOfTheirReach) {
  // blocks of a grid of 60 mm: all that photons leave within it
  const std::array<double, 3> mm{2, 2, 2};
  const auto near = voxel_kernel(kernel(), mm, {3, 3, 3}, 20000, 1);
  const auto whole = voxel_kernel(kernel(), mm, {17, 17, 17}, 20000, 1);
  const auto far = far_kernel(kernel(), mm, {3, 3, 3}, 4, {4, 4, 4});
  const double together = std::accumulate(near.photons.begin(), near.photons.end(), 0.0) +
                          std::accumulate(far.begin(), far.end(), 0.0);
  // blocks reach 18 voxels at the sides, on average; 3 % for that edge and the drawing
  EXPECT_NEAR(together / std::accumulate(whole.photons.begin(), whole.photons.end(), 0.0), 1, 0.03);
}

/// A ball of activity, 1 Bq s/mL, in water.
Volume<float> ball(double radius_mm, double spacing_mm, int n) {
  Volume<float> v(sojourn::test::centered_cube(n, spacing_mm));
  const auto& g = v.geometry();
  for (std::size_t at = 0; at < v.values().size(); ++at) {
    const auto i = g.index_of(at);
    const auto mm = g.to_mm({1.0 * i[0], 1.0 * i[1], 1.0 * i[2]});
    v.values()[at] = sojourn::image::norm(mm) < radius_mm ? 1 : 0;
  }
  return v;
}

TEST(VoxelDose, OfABallIsThatOfTheSphereModel) {
  const double radius_mm = 20;
  const auto activity = ball(radius_mm, 2, 33);
  VoxelSetting setting;
  setting.draws = 4000;
  const auto dose = voxel_dose(activity, {}, kernel(), setting);
  double sum = 0;
  std::size_t inside = 0;
  for (std::size_t v = 0; v < dose.values().size(); ++v)
    if (activity.values()[v] > 0) {
      sum += static_cast<double>(dose.values()[v]);
      ++inside;
    }
  const double ml = static_cast<double>(inside) * 8e-3;
  // the mass of the voxels, 1 Bq s in each mL
  const auto sphere = sphere_dose(kernel(), ml);
  const double expected = sphere.mgy_per_mbq_h / 3600 * 1e-9 * ml;
  EXPECT_NEAR(sum / static_cast<double>(inside) / expected, 1, 0.02);
}

TEST(VoxelDose, DensityDividesTheElectrons) {
  auto activity = ball(20, 2, 21);
  Volume<float> density(activity.geometry(), 1.0F);
  VoxelSetting setting;
  setting.draws = 1000;
  const auto middle = activity.geometry().offset(10, 10, 10);
  const auto in_water = voxel_dose(activity, {}, kernel(), setting).values()[middle];
  EXPECT_NEAR(voxel_dose(activity, density, kernel(), setting).values()[middle] / in_water, 1,
              1e-4);
  for (float& v : density.values()) v = 0.3F;
  const auto in_lung = voxel_dose(activity, density, kernel(), setting).values()[middle];
  EXPECT_GT(in_lung, 2 * in_water);
  for (float& v : density.values()) v = 0.001F;
  EXPECT_EQ(voxel_dose(activity, density, kernel(), setting).values()[middle], 0);
  Volume<float> other(sojourn::test::centered_cube(20, 2), 1.0F);
  EXPECT_THROW((void)voxel_dose(activity, other, kernel(), setting), sojourn::Error);
}

TEST(VoxelDose, MonteCarloInAWaterCtIsTheKernel) {
  // a box of water of 13 cm with a ball in its middle: mean over the ball
  const auto activity = ball(16, 4, 33);
  const Volume<float> ct(activity.geometry(), 0.0F);
  VoxelSetting setting;
  setting.draws = 4000;
  const auto kernels = voxel_dose(activity, {}, kernel(), setting);
  const auto followed =
      voxel_dose_in_ct(activity, ct, sojourn::nuclide::find("F-18"), kernel(), 100000, setting);
  double a = 0, b = 0, left = 0, right = 0;
  for (std::size_t v = 0; v < activity.values().size(); ++v) {
    if (activity.values()[v] > 0) {
      a += static_cast<double>(kernels.values()[v]);
      b += static_cast<double>(followed.values()[v]);
    } else {
      left += static_cast<double>(kernels.values()[v]);
      right += static_cast<double>(followed.values()[v]);
    }
  }
  EXPECT_NEAR(a / b, 1, 0.02);
  // kernels know no edge: water outside the box scatters back into its rim (8 %)
  EXPECT_GT(left / right, 1);
  EXPECT_LT(left / right, 1.12);
}

TEST(DoseVolume, CountsTheVoxels) {
  Volume<float> dose(sojourn::test::centered_cube(10, 1));
  Volume<int> labels(dose.geometry(), 1);
  for (std::size_t v = 0; v < 1000; ++v) dose.values()[v] = static_cast<float>(v);
  const auto d = dose_volume(dose, labels, 1, 100);
  EXPECT_NEAR(d.mean_gy, 499.5, 1e-6);
  EXPECT_NEAR(d.dose_of(0.95), 50, 1);
  EXPECT_NEAR(d.dose_of(0.5), 500, 1);
  EXPECT_NEAR(d.part.front(), 1, 1e-12);
  EXPECT_NEAR(d.part.back(), 1e-3, 1e-12);
  EXPECT_NE(sojourn::test::message_of([&] { (void)dose_volume(dose, labels, 2); }), "");
}

}  // namespace
