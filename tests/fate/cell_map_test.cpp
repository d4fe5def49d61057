#include "sojourn/fate/cell_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn;
using fate::map_cells;
using fate::NegativeActivity;
using fate::RegionFactor;

image::Geometry grid(int nx, int ny, int nz) {
  image::Geometry g;
  g.size = {nx, ny, nz};
  g.spacing_mm = {2, 2, 5};  // 0.02 mL
  return g;
}

image::Volume<float> volume(const image::Geometry& g, std::vector<float> values) {
  return {g, std::span<const float>(values)};
}

TEST(CellMap, IsLinearInEachRegion) {
  const auto g = grid(2, 2, 1);
  const auto activity = volume(g, {100, 300, -50, 1000});
  const auto labels = volume(g, {1, 1, 2, 0});
  const auto map = map_cells(activity, labels, {{}, {50, 10}, {10, 5}}, 20);
  EXPECT_FLOAT_EQ(map.cells_per_ml.values()[0], 5000);
  EXPECT_FLOAT_EQ(map.cells_per_ml.values()[1], 15000);
  EXPECT_FLOAT_EQ(map.cells_per_ml.values()[2], 0);
  EXPECT_FLOAT_EQ(map.cells_per_ml.values()[3], 0);                   // no region
  EXPECT_FLOAT_EQ(map.sd_per_ml.values()[0], std::sqrt(2.F) * 1000);  // 5000·0.2 and 50·20
  EXPECT_FLOAT_EQ(map.sd_per_ml.values()[2], 200);
  EXPECT_FLOAT_EQ(map.sd_per_ml.values()[3], 0);
  EXPECT_NEAR(map.regions[1].activity_bq, 400 * 0.02, 1e-9);
  EXPECT_NEAR(map.regions[1].cells, 400, 1e-9);
  EXPECT_NEAR(map.regions[1].sd, std::hypot(80, 50 * 20 * 0.02 * std::sqrt(2.0)), 1e-9);
  const auto kept = map_cells(activity, labels, {{}, {50, 10}, {10, 5}}, 0, NegativeActivity::keep);
  EXPECT_FLOAT_EQ(kept.cells_per_ml.values()[2], -500);
}

TEST(CellMap, WithTheFactorOfItsRegionAddsUpToTheRegionsCells) {
  const auto g = grid(5, 4, 3);
  core::Random random(2, 0);
  std::vector<float> a, l;
  for (std::size_t i = 0; i < g.voxels(); ++i) {
    a.push_back(static_cast<float>(500 + 300 * random.normal()));
    l.push_back(static_cast<float>(i % 3));
  }
  const auto activity = volume(g, a), labels = volume(g, l);
  const auto held = fate::held_activity_bq(activity, labels, 3);
  const auto map = map_cells(activity, labels,
                             {{}, {1e6 / held[1], 3e5 / held[1]}, {2e5 / held[2], 2e4 / held[2]}});
  double sums[3] = {0, 0, 0};
  for (std::size_t i = 0; i < a.size(); ++i)
    sums[i % 3] += map.cells_per_ml.values()[i] * g.voxel_ml();
  EXPECT_EQ(sums[0], 0);
  EXPECT_NEAR(sums[1] / 1e6, 1, 1e-6);  // floats
  EXPECT_NEAR(sums[2] / 2e5, 1, 1e-6);
  EXPECT_NEAR(map.regions[1].sd / 3e5, 1, 1e-9);
}

TEST(CellMap, SpreadIsThatOfRepeatedDraws) {
  const auto g = grid(3, 3, 1);
  const auto truth = volume(g, std::vector<float>(9, 200));
  const auto labels = volume(g, std::vector<float>(9, 1));
  const RegionFactor factor{40, 6};
  const double noise = 30;
  const auto map = map_cells(truth, labels, {{}, factor}, noise);
  constexpr int kRepeats = 4000;
  double voxel = 0, total = 0;
  for (int n = 0; n < kRepeats; ++n) {
    core::Random random(17, static_cast<std::uint64_t>(n));
    const double f = 40 * (1 + 0.15 * random.normal());
    double sum = 0, first = 0;
    for (int i = 0; i < 9; ++i) {
      const double seen = f * (200 + noise * random.normal());
      if (i == 0) first = seen;
      sum += seen * g.voxel_ml();
    }
    voxel += std::pow(first - 8000, 2) / kRepeats;
    total += std::pow(sum - 9 * 8000 * g.voxel_ml(), 2) / kRepeats;
  }
  // 1.1 % from 4000 draws, and the product of both spreads, 0.15·0.15, that linear propagation
  // leaves out: 1 % of the voxel's variance
  EXPECT_NEAR(std::sqrt(voxel) / map.sd_per_ml.values()[0], 1, 0.05);
  EXPECT_NEAR(std::sqrt(total) / map.regions[1].sd, 1, 0.05);
}

TEST(CellMap, ARegionsOwnNoiseReplacesTheImages) {
  const auto g = grid(2, 1, 1);
  const auto map = map_cells(volume(g, {100, 100}), volume(g, {1, 2}), {{}, {2, 0, 7}, {2, 0}}, 20);
  EXPECT_FLOAT_EQ(map.sd_per_ml.values()[0], 14);
  EXPECT_FLOAT_EQ(map.sd_per_ml.values()[1], 40);
  // no cells in the middle of the belief, but a spread
  EXPECT_FLOAT_EQ(
      map_cells(volume(g, {100, 0}), volume(g, {1, 0}), {{}, {0, 3}}).sd_per_ml.values()[0], 300);
  EXPECT_THROW((void)map_cells(volume(g, {1, 1}), volume(g, {1, 1}), {{}, {1, 1, -1}}), Error);
}

TEST(CellMap, RefusesWhatDoesNotFit) {
  const auto g = grid(2, 1, 1);
  const auto activity = volume(g, {1, 2});
  EXPECT_THROW((void)map_cells(activity, volume(grid(1, 2, 1), {1, 1}), {{}, {1, 1}}), Error);
  EXPECT_THROW((void)map_cells(activity, volume(g, {1, 2}), {{}, {1, 1}}), Error);
  EXPECT_THROW((void)map_cells(activity, volume(g, {1, 0.5}), {{}, {1, 1}}), Error);
  EXPECT_THROW((void)map_cells(activity, volume(g, {1, -1}), {{}, {1, 1}}), Error);
  EXPECT_THROW((void)map_cells(activity, volume(g, {1, 0}), {{}, {-1, 1}}), Error);
  EXPECT_THROW((void)map_cells(activity, volume(g, {1, 0}), {{}, {1, 1}}, -1), Error);
}

}  // namespace
