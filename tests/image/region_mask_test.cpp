#include "sojourn/image/region_mask.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "sojourn/core/random.h"
#include "sojourn/image/coverage.h"
#include "sojourn/image/shapes.h"

namespace {

using namespace sojourn::image;

Geometry grid(Index3 size, Vec3 spacing, Vec3 origin = {0, 0, 0}) {
  Geometry g;
  g.size = size;
  g.spacing_mm = spacing;
  g.origin_mm = origin;
  return g;
}

/// Turned by an angle about an axis through the patient's origin.
Geometry turned(Geometry g, double angle, std::size_t about) {
  for (auto& axis : g.axis) {
    const std::size_t u = (about + 1) % 3, w = (about + 2) % 3;
    const double a = axis[u], b = axis[w];
    axis[u] = std::cos(angle) * a - std::sin(angle) * b;
    axis[w] = std::sin(angle) * a + std::cos(angle) * b;
  }
  return g;
}

RegionMask random_region(Geometry g, std::uint64_t seed) {
  sojourn::core::Random random(seed);
  Volume<float> fraction(g);
  for (float& f : fraction.values()) {
    f = random.uniform() < 0.5 ? 0.0F : static_cast<float>(random.uniform());
  }
  return make_region("random", 1, fraction);
}

double sum_ml(const std::vector<Overlap>& entries) {
  double sum = 0;
  for (const auto& e : entries) sum += e.volume_ml;
  return sum;
}

TEST(Overlap, SameGridGivesTheFractionsBack) {
  const auto g = grid({7, 6, 5}, {2, 3, 4}, {-5, 7, 11});
  const auto region = random_region(g, 3);
  const auto on = fraction_on(region, g);
  const auto& part = region.fraction;
  for (std::size_t n = 0; n < part.values().size(); ++n) {
    const auto at =
        g.to_voxel(part.geometry().to_mm({static_cast<double>(part.geometry().index_of(n)[0]),
                                          static_cast<double>(part.geometry().index_of(n)[1]),
                                          static_cast<double>(part.geometry().index_of(n)[2])}));
    EXPECT_NEAR(on.at(static_cast<int>(std::lround(at[0])), static_cast<int>(std::lround(at[1])),
                      static_cast<int>(std::lround(at[2]))),
                part.values()[n], 1e-6);  // float
  }
}

TEST(Overlap, HalfShiftedVoxelIsSharedByEight) {
  RegionMask one;
  one.fraction = Volume<float>(grid({1, 1, 1}, {2, 2, 2}, {1, 1, 1}), 1.0F);
  const auto entries = overlap(one, grid({4, 4, 4}, {2, 2, 2}));
  ASSERT_EQ(entries.size(), 8u);
  for (const auto& e : entries) EXPECT_NEAR(e.volume_ml, 0.001, 1e-12);
}

RC_GTEST_PROP(Overlap, VolumeIsKeptOnAnyParallelGridThatHoldsTheRegion, (unsigned seed)) {
  sojourn::core::Random random(seed, 1);
  const auto pick = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  auto g = grid({5, 4, 6}, {pick(0.3, 3), pick(0.3, 3), pick(0.3, 3)},
                {pick(-3, 3), pick(-3, 3), pick(-3, 3)});
  // Any order and sense of the axes.
  const std::size_t first = *rc::gen::inRange<std::size_t>(0, 3);
  g.axis = {};
  for (std::size_t a = 0; a < 3; ++a) g.axis[a][(a + first) % 3] = *rc::gen::element(-1.0, 1.0);
  const auto region = random_region(g, seed);
  const auto image =
      grid({90, 80, 70}, {pick(0.8, 2), pick(0.8, 2), pick(0.8, 2)}, {-32, -28, -25});
  const auto entries = overlap(region, image);
  RC_ASSERT(std::abs(sum_ml(entries) - region.volume_ml()) <= 1e-9 * region.volume_ml() + 1e-12);
  for (std::size_t n = 1; n < entries.size(); ++n)
    RC_ASSERT(entries[n - 1].offset < entries[n].offset);
}

RC_GTEST_PROP(Overlap, VolumeIsKeptOnARotatedGrid, (unsigned seed)) {
  sojourn::core::Random random(seed, 2);
  auto g = grid({5, 4, 6}, {0.5 + random.uniform(), 0.7, 1.9});
  g = turned(turned(g, 0.1 + random.uniform(), 0), 0.2, 2);
  const auto region = random_region(g, seed);
  const auto image = grid({60, 60, 60}, {1, 1.3, 0.9}, {-30, -39, -27});
  RC_ASSERT(std::abs(sum_ml(overlap(region, image)) - region.volume_ml()) <=
            1e-9 * region.volume_ml() + 1e-12);
}

TEST(Overlap, RotatedBoxAgreesWithCountedPoints) {
  // Truth by counting 200^3 points of a box turned by 0.3 and 0.5 rad.
  RegionMask box;
  box.fraction = Volume<float>(turned(turned(grid({1, 1, 1}, {7, 5, 6}), 0.3, 0), 0.5, 2), 1.0F);
  const auto image = grid({12, 12, 12}, {1.5, 1.5, 1.5}, {-8.25, -8.25, -8.25});
  std::vector<double> truth(image.voxels(), 0.0);
  constexpr int kPoints = 200;
  const double share = box.volume_ml() / (kPoints * static_cast<double>(kPoints) * kPoints);
  for (int k = 0; k < kPoints; ++k) {
    for (int j = 0; j < kPoints; ++j) {
      for (int i = 0; i < kPoints; ++i) {
        const Vec3 at = {(i + 0.5) / kPoints - 0.5, (j + 0.5) / kPoints - 0.5,
                         (k + 0.5) / kPoints - 0.5};
        const Vec3 v = image.to_voxel(box.fraction.geometry().to_mm(at));
        truth[image.offset(static_cast<int>(std::lround(v[0])), static_cast<int>(std::lround(v[1])),
                           static_cast<int>(std::lround(v[2])))] += share;
      }
    }
  }
  const auto on = fraction_on(box, image);
  double misplaced = 0, worst = 0;
  for (std::size_t n = 0; n < truth.size(); ++n) {
    const double d = std::abs(static_cast<double>(on.values()[n]) * image.voxel_ml() - truth[n]);
    misplaced += 0.5 * d;
    worst = std::max(worst, d / image.voxel_ml());
  }
  EXPECT_LT(misplaced / box.volume_ml(), 0.01);  // parts are a quarter voxel wide
  EXPECT_LT(worst, 0.03);
}

TEST(Overlap, WhatLiesOutsideTheImageIsNotCounted) {
  RegionMask one;
  one.fraction = Volume<float>(grid({4, 1, 1}, {1, 1, 1}, {-2, 0, 0}), 1.0F);
  EXPECT_NEAR(sum_ml(overlap(one, grid({3, 3, 3}, {1, 1, 1}))), 0.002, 1e-12);
  one.fraction = Volume<float>(grid({4, 1, 1}, {1, 1, 1}, {50, 0, 0}), 1.0F);
  EXPECT_TRUE(overlap(one, grid({3, 3, 3}, {1, 1, 1})).empty());
  EXPECT_TRUE(overlap(RegionMask{}, grid({3, 3, 3}, {1, 1, 1})).empty());
}

TEST(Overlap, SphereHasItsVolumeOnCoarseAndTurnedGrids) {
  const auto fine = grid({60, 60, 60}, {0.5, 0.5, 0.5}, {-14.75, -14.75, -14.75});
  const auto sphere = sphere_region("sphere", {0.3, -0.2, 0.1}, 8, fine);
  EXPECT_NEAR(sphere.volume_ml() / sphere_ml(8), 1,
              1e-3);  // 10 points per voxel edge at the surface
  EXPECT_NEAR(sum_ml(overlap(sphere, grid({20, 20, 20}, {2, 2.5, 3}, {-19, -24, -28}))) /
                  sphere.volume_ml(),
              1, 1e-9);
  EXPECT_NEAR(sphere_radius_mm(1.0), 6.2035, 1e-4);
}

TEST(SplitLabels, NamesCropsAndKeepsEmptyOnes) {
  Volume<int> labels(grid({4, 3, 2}, {1, 1, 1}));
  labels.at(1, 1, 0) = 5;
  labels.at(2, 1, 1) = 5;
  labels.at(0, 0, 0) = 2;
  labels.at(3, 2, 1) = -1;
  const auto regions = split_labels(labels, {{5, "liver"}, {9, "tumour"}});
  ASSERT_EQ(regions.size(), 3u);
  EXPECT_EQ(regions[0].name, "label_2");
  EXPECT_EQ(regions[1].name, "liver");
  EXPECT_EQ(regions[1].fraction.geometry().size, (Index3{2, 1, 2}));
  EXPECT_NEAR(regions[1].volume_ml(), 0.002, 1e-12);
  EXPECT_EQ(regions[2].name, "tumour");
  EXPECT_TRUE(regions[2].fraction.empty());
  EXPECT_EQ(regions[2].volume_ml(), 0);
}

TEST(MakeRegion, RefusesWhatIsNoFraction) {
  Volume<float> fraction(grid({2, 2, 2}, {1, 1, 1}));
  fraction.at(0, 1, 0) = 1.5F;
  EXPECT_THROW((void)make_region("x", 1, fraction), sojourn::Error);
  fraction.at(0, 1, 0) = NAN;
  EXPECT_THROW((void)make_region("x", 1, fraction), sojourn::Error);
}

TEST(Overlap, WholeBodyMaskIsLaidOnPetInUnderASecond) {
  RegionMask body;
  body.fraction = Volume<float>(grid({512, 512, 135}, {0.98, 0.98, 3.27}), 1.0F);
  const auto pet = grid({168, 168, 135}, {4.07, 4.07, 3.0});
  const auto start = std::chrono::steady_clock::now();
  const auto entries = overlap(body, pet);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_GT(entries.size(), 0u);
  RecordProperty("seconds", std::to_string(taken.count()));
  EXPECT_LT(taken.count(),
            5.0);  // a tenth of this on a quiet machine; sanitizers and shared cores are slower
}

}  // namespace
