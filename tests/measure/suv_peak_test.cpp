#include "sojourn/measure/suv_peak.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/random.h"
#include "sojourn/image/shapes.h"

namespace {

using namespace sojourn;
using image::Volume;
using measure::intensity_peak;
using measure::SphereWeights;

image::Geometry cube(int n, double spacing) {
  image::Geometry g;
  g.size = {n, n, n};
  g.spacing_mm = {spacing, spacing, spacing};
  return g;
}

image::Coverage all_of(const image::Geometry& g) {
  image::RegionMask region;
  region.fraction = Volume<float>(g, 1.0F);
  return image::cover(region, g);
}

/// Every centre, weight for weight: what the search must find.
double brute_force(const Volume<float>& image, double radius_mm) {
  const auto& g = image.geometry();
  double best = -INFINITY;
  for (std::size_t n = 0; n < image.values().size(); ++n) {
    const auto at = g.index_of(n);
    const auto ball =
        image::sphere_region("",
                             g.to_mm({static_cast<double>(at[0]), static_cast<double>(at[1]),
                                      static_cast<double>(at[2])}),
                             radius_mm, g);
    double sum = 0, total = 0;
    for (const auto& o : image::overlap(ball, g)) {
      sum += o.volume_ml * static_cast<double>(image.values()[o.offset]);
      total += o.volume_ml;
    }
    best = std::max(best, sum / total);
  }
  return best;
}

TEST(IntensityPeak, GlobalIsTheHighestMeanOfAllCentres) {
  core::Random random(11);
  Volume<float> image(cube(12, 4));
  for (float& v : image.values()) v = static_cast<float>(random.uniform());
  const auto peak = intensity_peak(image, all_of(image.geometry()));
  ASSERT_TRUE(peak);
  EXPECT_NEAR(peak->global, brute_force(image, image::sphere_radius_mm(1.0)),
              1e-6);  // float weights
  EXPECT_LE(peak->local, peak->global);
}

TEST(IntensityPeak, FineGridsReachTheTopOfASmoothHill) {
  // 0.5 mm voxels: searched by every fourth voxel, then climbed. A Gaussian hill off the lattice.
  Volume<float> image(cube(60, 0.5));
  for (std::size_t n = 0; n < image.values().size(); ++n) {
    const auto at = image.geometry().index_of(n);
    const double d2 = std::pow(at[0] - 30, 2) + std::pow(at[1] - 27, 2) + std::pow(at[2] - 33, 2);
    image.values()[n] = static_cast<float>(std::exp(-d2 / 200));
  }
  const auto peak = intensity_peak(image, all_of(image.geometry()));
  EXPECT_NEAR(peak->global, peak->local, 1e-12);  // the hill's top is its brightest voxel
  EXPECT_LT(peak->global, 1);
}

TEST(IntensityPeak, ThinRegionsUseTheirBestCoveredVoxelsAndAbsentOnesHaveNone) {
  Volume<float> image(cube(10, 4), 2.0F);
  image::Coverage thin =
      image::cover(image::box_region("", {7.9, 7.9, 7.9}, {8.1, 8.1, 8.1}), image.geometry());
  EXPECT_NEAR(intensity_peak(image, thin)->global, 2, 1e-6);
  EXPECT_FALSE(intensity_peak(image, image::cover({}, image.geometry())));
}

TEST(IntensityPeak, VoxelCentresCountWholeVoxels) {
  // 5 mm voxels: the centre, six neighbours at 5 mm; those at 7.07 mm are out.
  Volume<float> image(cube(7, 5));
  image.at(3, 3, 3) = 7;
  image.at(4, 4, 3) = 3;
  const image::Coverage one =
      image::cover(image::box_region("", {14, 14, 14}, {16, 16, 16}), image.geometry());
  EXPECT_NEAR(intensity_peak(image, one, SphereWeights::voxel_centres)->local, 1, 1e-6);
}

}  // namespace
