#include "sojourn/image/filter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/parallel.h"

namespace {

using namespace sojourn;
using namespace sojourn::image;

Geometry grid_of(int n) {
  Geometry grid;
  grid.size = {n, n + 2, n + 4};
  grid.spacing_mm = {0.5, 0.6, 0.8};
  return grid;
}

RC_GTEST_PROP(GaussianBlur, KeepsTheSumAwayFromTheEdges, ()) {
  Volume<float> volume(grid_of(30));
  double before = 0, after = 0;
  for (int n = 0; n < 5; ++n) {
    const int i = *rc::gen::inRange(12, 18), value = *rc::gen::inRange(1, 1000);
    volume.at(i, 15, 16) += static_cast<float>(value);
    before += value;
  }
  gaussian_blur(volume, {1.5, 1.2, 2.0});
  for (const float value : volume.values()) after += value;
  RC_ASSERT(std::abs(after - before) < 1e-5 * before);  // float rounding
}

TEST(GaussianBlur, HasTheWidthAskedFor) {
  Volume<float> volume(grid_of(30));
  volume.at(15, 15, 15) = 1;
  const Vec3 fwhm{1.5, 0, 2.0};
  gaussian_blur(volume, fwhm);
  const Geometry& grid = volume.geometry();
  Vec3 variance{};
  for (std::size_t at = 0; at < grid.voxels(); ++at) {
    const Index3 index = grid.index_of(at);
    for (std::size_t a = 0; a < 3; ++a) {
      variance[a] += volume.values()[at] * std::pow((index[a] - 15) * grid.spacing_mm[a], 2);
    }
  }
  EXPECT_EQ(variance[1], 0);
  for (const std::size_t a : {std::size_t{0}, std::size_t{2}}) {
    // The cut at 4 sigma takes under 0.3 % of the variance.
    const double wanted = std::pow(fwhm[a] / 2.3548200450309493, 2);
    EXPECT_NEAR(variance[a], wanted, 0.003 * wanted);
  }
}

TEST(GaussianBlur, SameForAnyNumberOfThreads) {
  const auto blurred = [] {
    Volume<float> volume(grid_of(40));
    for (std::size_t i = 0; i < volume.values().size(); ++i) {
      volume.values()[i] = static_cast<float>((i * 7919) % 1000);
    }
    gaussian_blur(volume, {1.5, 1.2, 2.0});
    return volume.values();
  };
  const auto many = blurred();
  const core::ThreadLimit one(1);
  EXPECT_EQ(blurred(), many);
}

TEST(MaximumProjection, HeadIsUpAndTheRightIsOnTheLeft) {
  Volume<float> volume(grid_of(10));  // axes along LPS: 10 x 12 x 14
  volume.at(1, 5, 12) = 3;            // the subject's right, near the head
  const auto front = maximum_projection(volume, 1);
  EXPECT_EQ(front.width, 10);
  EXPECT_EQ(front.height, 14);
  EXPECT_EQ(front.values[1 * 10 + 1], 3);  // second row from the top, second column from the left
  Geometry flipped = volume.geometry();
  flipped.axis = {{{-1, 0, 0}, {0, 1, 0}, {0, 0, -1}}};
  const auto same = maximum_projection(Volume<float>(flipped, volume.values()), 1);
  EXPECT_EQ(same.values[12 * 10 + 8], 3);
}

}  // namespace
