#include "sojourn/dose/ball_geometry.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/random.h"

namespace {

using namespace sojourn::dose;

TEST(BallGeometry, IsTheKnownPolynomialForABallInItself) {
  for (double x = 0; x < 2; x += 0.05)
    EXPECT_NEAR(share_from_ball(1, x, 1), 1 - 0.75 * x + x * x * x / 16, 1e-12) << x;
  EXPECT_EQ(share_from_ball(1, 2, 1), 0);
  EXPECT_EQ(share_from_ball(1, 5, 1), 0);
}

/// Flights thrown one by one.
double thrown(double inner, double outer, double x, double target, std::uint64_t seed) {
  sojourn::core::Random random(seed);
  constexpr int kFlights = 40000;
  int in = 0;
  for (int i = 0; i < kFlights; ++i) {
    const double i3 = inner * inner * inner, o3 = outer * outer * outer;
    const double a = std::cbrt(i3 + (o3 - i3) * random.uniform());
    const double cosine = 2 * random.uniform() - 1;
    if (a * a + x * x + 2 * a * x * cosine < target * target) ++in;
  }
  return static_cast<double>(in) / kFlights;
}

RC_GTEST_PROP(BallGeometry, AgreesWithThrownFlights, ()) {
  const auto tenth = [](int low, int high) { return *rc::gen::inRange(low, high) / 10.0; };
  const double inner = tenth(0, 40), outer = inner + tenth(1, 40), x = tenth(1, 100),
               target = tenth(1, 60);
  const double share = share_from_shell(inner, outer, x, target);
  RC_ASSERT(share >= 0 && share <= 1);
  // four and a half standard deviations of 40000 throws
  RC_ASSERT(std::abs(share - thrown(inner, outer, x, target, 1)) < 4.5 * 0.5 / 200);
}

TEST(BallGeometry, KeepsItsFiguresForASmallTargetInALargeBall) {
  // far inside, the share is the target's part of the volume that flights of one length see
  const double ball = 2e5, target = 4, x = 1e5;
  EXPECT_NEAR(share_from_ball(ball, x, target) / std::pow(target / ball, 3), 1, 1e-9);
}

TEST(BallGeometry, OfASurfaceIsTheLimitOfAThinShell) {
  for (const double x : {0.5, 2.0, 5.0, 7.9})
    EXPECT_NEAR(share_from_point(5, x, 3), share_from_shell(5 - 1e-6, 5, x, 3), 1e-6) << x;
}

}  // namespace
