#include "sojourn/simulate/acquire.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/parallel.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

constexpr Frame kFrame{1200, 282276, 0.227};

/// 100 kBq/mL in a cube in the middle.
image::Volume<float> cube() {
  image::Geometry grid;
  grid.size = {40, 40, 40};
  grid.spacing_mm = {0.5, 0.5, 0.5};
  image::Volume<float> volume(grid);
  for (int k = 14; k < 26; ++k)
    for (int j = 14; j < 26; ++j)
      for (int i = 14; i < 26; ++i) volume.at(i, j, k) = 1e5F;
  return volume;
}

double sum(const image::Volume<float>& volume) {
  double total = 0;
  for (const float value : volume.values()) total += value;
  return total;
}

TEST(Acquire, KeepsTheActivity) {
  const double truth = sum(cube());
  const auto image = acquire(cube(), inveon(), kFrame, 2, 1, true).concentration_bq_per_ml;
  EXPECT_EQ(image.geometry().size[0], 20);
  EXPECT_NEAR(sum(image) * 8, truth, 1e-4 * truth);  // float rounding
}

TEST(Acquire, NoiseIsUnbiasedAndOfPoissonsSize) {
  const auto frame = kFrame;
  const double counts = sum(cube()) * cube().geometry().voxel_ml() * counts_per_bq(inveon(), frame);
  constexpr int kDraws = 200;
  double mean = 0, square = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto one = acquire(cube(), inveon(), frame, 1, 100U + static_cast<unsigned>(draw), false);
    const double relative = sum(one.concentration_bq_per_ml) / sum(cube()) - 1;
    EXPECT_NEAR(one.total_counts / counts, 1 + relative, 1e-4);
    mean += relative / kDraws;
    square += relative * relative / kDraws;
  }
  const double sd = 1 / std::sqrt(counts);
  EXPECT_NEAR(mean, 0, 4 * sd / std::sqrt(kDraws));
  // 4 standard deviations of a variance from 200 draws: sqrt(2 / 200) = 0.1.
  EXPECT_NEAR(square / (sd * sd), 1, 0.4);
}

TEST(Acquire, DependsOnTheSeedAndNotOnTheThreads) {
  const auto draw = [](std::uint64_t seed) {
    return acquire(cube(), inveon(), kFrame, 2, seed, false).concentration_bq_per_ml.values();
  };
  const auto many = draw(1);
  EXPECT_NE(draw(2), many);
  const core::ThreadLimit one(1);
  EXPECT_EQ(draw(1), many);
}

}  // namespace
