#include "sojourn/report/axis.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace sojourn::report {
namespace {

/// Any size that a study may bring, from below a becquerel to beyond 1e12 cells.
double magnitude() { return std::pow(10.0, *rc::gen::inRange(-900, 1300) / 100.0); }

void expect_sound(const Axis& axis) {
  RC_ASSERT(axis.lo < axis.hi);
  RC_ASSERT(!axis.ticks.empty());
  RC_ASSERT(axis.ticks.size() <= 14U);  // more would not fit the narrowest panel
  RC_ASSERT(std::is_sorted(axis.ticks.begin(), axis.ticks.end()));
  std::set<std::string> labels;
  for (const double tick : axis.ticks) {
    RC_ASSERT(tick >= axis.lo);
    RC_ASSERT(tick <= axis.hi);
    labels.insert(axis.label(tick));
  }
  RC_ASSERT(labels.size() == axis.ticks.size());  // no two ticks read alike
}

RC_GTEST_PROP(Axis, LinearHoldsItsRangeAndRoundTicks, ()) {
  const double a = magnitude() * (*rc::gen::arbitrary<bool>() ? 1 : -1), b = a + magnitude();
  RC_PRE(b - a > 1e-3 * std::fabs(a));  // closer values have no ticks of six digits between them
  const Axis axis = linear_axis(a, b);
  expect_sound(axis);
  const double slack = 1e-9 * (b - a);
  RC_ASSERT(axis.lo <= a + slack);
  RC_ASSERT(axis.hi >= b - slack);
  RC_ASSERT(axis.hi - axis.lo <= 2.5 * (b - a));  // at least 40 % of the panel is used
}

RC_GTEST_PROP(Axis, LogarithmicHoldsItsRange, ()) {
  const double lo = magnitude(), hi = lo * std::pow(10.0, *rc::gen::inRange(0, 900) / 100.0);
  const Axis axis = log_axis(lo, hi);
  expect_sound(axis);
  RC_ASSERT(axis.logarithmic);
  RC_ASSERT(axis.lo <= lo * (1 + 1e-9));
  RC_ASSERT(axis.hi >= hi * (1 - 1e-9));
  RC_ASSERT(axis.position(axis.lo) == 0.0);
  RC_ASSERT(axis.position(axis.hi) == 1.0);
}

RC_GTEST_PROP(Axis, PositionRisesWithTheValue, ()) {
  const Axis axis = *rc::gen::arbitrary<bool>() ? log_axis(1, 1e4) : linear_axis(0, 50);
  const double a = magnitude(), b = a * 1.5;
  RC_ASSERT(axis.position(a) <= axis.position(b));
  RC_ASSERT(axis.position(a) >= 0.0);
  RC_ASSERT(axis.position(b) <= 1.0);
}

RC_GTEST_PROP(Axis, TimeTicksAreWholeSteps, ()) {
  const double last = *rc::gen::inRange(3, 2000);
  const Axis axis = time_axis(1.0, last, false);
  expect_sound(axis);
  RC_ASSERT(axis.lo <= 1.0);
  RC_ASSERT(axis.hi >= last);
}

TEST(Axis, DaysGetTicksOfDays) {
  const Axis axis = time_axis(4.2, 96.1, false, 5);
  EXPECT_EQ(axis.ticks, (std::vector<double>{0, 24, 48, 72, 96}));
  const Axis minutes = time_axis(0.1, 90, true, 6);
  EXPECT_EQ(minutes.ticks, (std::vector<double>{0, 15, 30, 45, 60, 75, 90}));
}

TEST(Axis, OneMomentHasRoomAroundIt) {
  const Axis axis = time_axis(5, 5, false);
  EXPECT_GT(axis.position(5), 0.2);
  EXPECT_LT(axis.position(5), 0.8);
}

TEST(Axis, WideValuesTurnLogarithmicAndTinyOnesDoNotStretchThem) {
  EXPECT_FALSE(value_axis(std::vector<double>{1.0, 20.0}).logarithmic);
  const Axis axis = value_axis(std::vector<double>{0.0, -3.0, 1e-20, 1e6});
  EXPECT_TRUE(axis.logarithmic);
  EXPECT_NEAR(axis.lo, 10.0, 1e-6);  // 1e5 below the largest; the slack is that of pow()
  EXPECT_EQ(axis.label(axis.ticks.back()), "10⁶");
}

TEST(Axis, ValuesThatAreNoNumbersStillGiveAnAxis) {
  const Axis axis = value_axis(std::vector<double>{NAN, INFINITY, 0.0, 1e300, -1e300, 1e-310});
  EXPECT_LT(axis.lo, axis.hi);
  EXPECT_LE(axis.ticks.size(), 14U);
  EXPECT_EQ(axis.position(NAN), 0.0);
}

}  // namespace
}  // namespace sojourn::report
