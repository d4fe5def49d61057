#include "sojourn/subject/solid.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace {

using namespace sojourn;
using namespace sojourn::subject;

TEST(Solid, HoldsItsInsideAndNothingElse) {
  EXPECT_TRUE(contains(ellipsoid({1, 0, 0}, {1, 2, 3}), {1, 0, 2.9}));
  EXPECT_FALSE(contains(ellipsoid({1, 0, 0}, {1, 2, 3}), {2.1, 0, 0}));
  EXPECT_TRUE(contains(box({0, 0, 0}, {1, 1, 1}), {0.9, -0.9, 0.9}));
  EXPECT_FALSE(contains(cylinder_z({0, 0, 0}, {1, 2, 3}), {0, 0, 3.1}));
  EXPECT_FALSE(contains(hoop_z({0, 0, 0}, {3, 3, 1}, 1), {0, 0, 0}));
  EXPECT_TRUE(contains(hoop_z({0, 0, 0}, {3, 3, 1}, 1), {2.5, 0, 0}));
  EXPECT_TRUE(contains(tapered({0, 0, 0}, {0, 0, 10}, 2, 1), {1.4, 0, 5}));
  EXPECT_FALSE(contains(tapered({0, 0, 0}, {0, 0, 10}, 2, 1), {1.6, 0, 5}));
}

RC_GTEST_PROP(Solid, StaysInsideItsBounds, ()) {
  const auto coordinate = [] { return *rc::gen::inRange(-600, 600) / 100.0; };
  const image::Vec3 p{coordinate(), coordinate(), coordinate()};
  for (const Solid& solid :
       {ellipsoid({1, -1, 0}, {2, 3, 4}), box({0, 1, 0}, {1, 2, 3}),
        hoop_z({0, 0, 1}, {4, 3, 2}, 1), tapered({-2, 1, 0}, {3, -1, 2}, 2, 0.5)}) {
    const auto corners = bounds(solid);
    bool inside = true;
    for (std::size_t a = 0; a < 3; ++a) {
      inside = inside && p[a] >= corners[0][a] && p[a] <= corners[1][a];
    }
    if (contains(solid, p)) RC_ASSERT(inside);
  }
}

}  // namespace
