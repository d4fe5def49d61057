#include "sojourn/region/components.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"

namespace {

using sojourn::region::Bits;

TEST(KeepLargest, KeepsTheLargestByFacesOnly) {
  // 4 x 3 x 1: an L of three voxels, and one that touches it by a corner.
  Bits bits = {1, 0, 0, 1,  //
               1, 1, 0, 0,  //
               0, 0, 1, 0};
  sojourn::region::keep_largest(bits, {4, 3, 1});
  EXPECT_EQ(bits, (Bits{1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0}));
}

TEST(KeepLargest, JoinsAcrossSlicesAndLateBridges) {
  // A U in the plane: two arms joined only by the last row.
  Bits bits = {1, 0, 1,  //
               1, 0, 1,  //
               1, 1, 1,  //
               0, 0, 0,  //
               0, 0, 0,  //
               0, 0, 1};
  sojourn::region::keep_largest(bits, {3, 3, 2});
  EXPECT_EQ(std::accumulate(bits.begin(), bits.end(), 0), 8);  // the U and the voxel above its end
}

RC_GTEST_PROP(KeepLargest, LeavesOnePartThatASecondCallKeeps, (unsigned seed)) {
  sojourn::core::Random random(seed);
  Bits bits(7 * 6 * 5);
  for (auto& b : bits) b = random.uniform() < 0.4 ? 1 : 0;
  const Bits before = bits;
  sojourn::region::keep_largest(bits, {7, 6, 5});
  for (std::size_t n = 0; n < bits.size(); ++n) RC_ASSERT(bits[n] <= before[n]);
  Bits again = bits;
  sojourn::region::keep_largest(again, {7, 6, 5});
  RC_ASSERT(again == bits);
  const bool any = std::accumulate(before.begin(), before.end(), 0) > 0;
  RC_ASSERT((std::accumulate(bits.begin(), bits.end(), 0) > 0) == any);
}

TEST(FillHoles, FillsRingsInPlanesPerpendicularToTheAxis) {
  Bits bits = {1, 1, 1, 1, 0, 1, 1, 1, 1};  // a ring, 3 x 3 x 1
  Bits other = bits;
  sojourn::region::fill_holes(bits, {3, 3, 1}, 2);
  EXPECT_EQ(bits[4], 1);
  sojourn::region::fill_holes(other, {3, 3, 1}, 0);  // a plane of one row cannot hold a hole
  EXPECT_EQ(other[4], 0);
}

TEST(FillHoles, SameForOneThread) {
  sojourn::core::Random random(4);
  Bits bits(20 * 20 * 20);
  for (auto& b : bits) b = random.uniform() < 0.7 ? 1 : 0;
  Bits one = bits;
  sojourn::region::fill_holes(bits, {20, 20, 20}, 1);
  const sojourn::core::ThreadLimit limit(1);
  sojourn::region::fill_holes(one, {20, 20, 20}, 1);
  EXPECT_EQ(bits, one);
}

}  // namespace
