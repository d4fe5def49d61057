#include "sojourn/image/geometry.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/image/volume.h"

namespace sojourn::image {
namespace {

/// A grid turned by a few angles, with unequal spacing.
Geometry turned_grid(double angle) {
  Geometry grid;
  grid.size = {5, 7, 3};
  grid.spacing_mm = {1.5, 2.0, 3.25};
  grid.origin_mm = {-10, 20, 5};
  const double c = std::cos(angle), s = std::sin(angle);
  grid.axis = {Vec3{c, s, 0}, Vec3{-s * c, c * c, s}, Vec3{s * s, -s * c, c}};
  return grid;
}

TEST(Geometry, VoxelCentresAndVolumes) {
  Geometry grid;
  grid.size = {4, 3, 2};
  grid.spacing_mm = {2, 2, 5};
  grid.origin_mm = {1, 2, 3};
  EXPECT_EQ(grid.voxels(), 24U);
  EXPECT_DOUBLE_EQ(grid.voxel_ml(), 0.02);
  EXPECT_EQ(grid.to_mm({1, 1, 1}), (Vec3{3, 4, 8}));
  EXPECT_EQ(grid.offset(3, 2, 1), 23U);
}

TEST(Geometry, OffsetsAndIndicesAreInverse) {
  const Geometry grid = turned_grid(0.3);
  for (std::size_t i = 0; i < grid.voxels(); ++i) {
    const auto [x, y, z] = grid.index_of(i);
    EXPECT_TRUE(grid.contains(x, y, z));
    EXPECT_EQ(grid.offset(x, y, z), i);
  }
  EXPECT_FALSE(grid.contains(-1, 0, 0));
  EXPECT_FALSE(grid.contains(5, 0, 0));
}

TEST(Geometry, AnEmptyGridHasNoVoxels) {
  Geometry grid;
  EXPECT_EQ(grid.voxels(), 0U);
  EXPECT_TRUE(Volume<float>(grid).empty());
}

TEST(Geometry, ACropKeepsThePlaceOfItsVoxels) {
  const Geometry grid = turned_grid(0.7);
  const Geometry part = grid.cropped({1, 2, 1}, {4, 7, 3});
  EXPECT_EQ(part.size, (Index3{3, 5, 2}));
  const Vec3 a = part.to_mm({2, 3, 1}), b = grid.to_mm({3, 5, 2});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(a[i], b[i], 1e-12);  // rounding
  EXPECT_THROW((void)grid.cropped({0, 0, 0}, {6, 7, 3}), Error);
  EXPECT_THROW((void)grid.cropped({-1, 0, 0}, {5, 7, 3}), Error);
  EXPECT_THROW((void)grid.cropped({3, 0, 0}, {2, 7, 3}), Error);
  EXPECT_EQ(grid.cropped({2, 2, 2}, {2, 2, 2}).voxels(), 0U);
}

TEST(Geometry, SameGridLooksAtSizeAndCorners) {
  const Geometry grid = turned_grid(0.2);
  EXPECT_TRUE(same_grid(grid, grid));
  Geometry other = grid;
  other.size[0] = 6;
  EXPECT_FALSE(same_grid(grid, other));
  other = grid;
  other.origin_mm[1] += 0.005 * 2.0;
  EXPECT_TRUE(same_grid(grid, other));
  other.origin_mm[1] += 0.05 * 2.0;
  EXPECT_FALSE(same_grid(grid, other));
  other = grid;
  other.spacing_mm[1] *= 1.01;  // 6 steps of 1 %: 0.06 voxel at the far corner
  EXPECT_FALSE(same_grid(grid, other));
  EXPECT_TRUE(same_grid(grid, other, 0.1));
  other = grid;
  for (auto& axis : other.axis) axis = -1.0 * axis;
  EXPECT_FALSE(same_grid(grid, other));
}

TEST(Geometry, CrossProductIsRightHanded) {
  EXPECT_EQ(cross({1, 0, 0}, {0, 1, 0}), (Vec3{0, 0, 1}));
  EXPECT_DOUBLE_EQ(norm({3, 4, 12}), 13);
}

TEST(Volume, SizesMustFit) {
  Geometry grid;
  grid.size = {2, 2, 2};
  EXPECT_THROW((void)Volume<float>(grid, std::vector<float>(7)), Error);
}

RC_GTEST_PROP(GeometryProperty, MillimetresAndVoxelsAreInverse, ()) {
  const double angle = *rc::gen::inRange(-31416, 31416) / 10000.0;
  const Geometry grid = turned_grid(angle);
  const Vec3 voxel = {*rc::gen::inRange(-500, 500) / 7.0, *rc::gen::inRange(-500, 500) / 7.0,
                      *rc::gen::inRange(-500, 500) / 7.0};
  const Vec3 back = grid.to_voxel(grid.to_mm(voxel));
  for (std::size_t i = 0; i < 3; ++i) RC_ASSERT(std::abs(back[i] - voxel[i]) < 1e-9);
}

}  // namespace
}  // namespace sojourn::image
