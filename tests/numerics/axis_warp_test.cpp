#include "sojourn/numerics/axis_warp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sojourn/core/random.h"
#include "sojourn/numerics/statistics.h"

namespace {

using sojourn::core::Random;
using sojourn::numerics::AxisWarp;

const std::vector<double> kKnots{0.01, 0.04, 0.15, 0.35, 0.5, 0.65, 0.85, 0.96, 0.99};

std::vector<double> sorted_log_normal(std::size_t n) {
  Random random(3);
  std::vector<double> values(n);
  for (double& v : values) v = std::exp(0.8 * random.normal());
  std::sort(values.begin(), values.end());
  return values;
}

TEST(AxisWarp, IsInvertedExactlyAndItsSlopeIsItsDerivative) {
  const auto warp = AxisWarp::through(sorted_log_normal(2000), kKnots);
  for (double z = -6; z <= 6; z += 0.0137) {
    const auto place = warp.at(z);
    EXPECT_GT(place.slope, 0);
    EXPECT_NEAR(warp.inverse(place.x), z, 1e-11);  // rounding of a cubic and of Newton's last step
    const double h = 1e-6;
    EXPECT_NEAR((warp.at(z + h).x - warp.at(z - h).x) / (2 * h), place.slope,
                1e-5 * (1 + place.slope));  // a knot's second derivative may jump
  }
}

TEST(AxisWarp, PassesThroughTheQuantilesButCutsNoTailShort) {
  const auto values = sorted_log_normal(5001);
  const auto warp = AxisWarp::through(values, kKnots);
  for (const double p : kKnots)
    if (p > 0.03)  // the lowest piece is flatter than a quarter of the mean and is widened
      EXPECT_NEAR(warp.at(sojourn::numerics::normal_quantile(p)).x,
                  sojourn::numerics::quantile(values, p), 1e-12);
  // forty draws at one place above 0.94 would end the tail there; beyond, half the mean slope is
  // kept
  std::vector<double> piled(1000);
  for (std::size_t i = 0; i < piled.size(); ++i)
    piled[i] = sojourn::numerics::normal_quantile((static_cast<double>(i) + 0.5) / 1000);
  for (std::size_t i = 940; i < piled.size(); ++i) piled[i] = piled[940];
  const auto kept = AxisWarp::through(piled, kKnots);
  const double whole = (piled[990] - piled[10]) / (2 * 2.326);  // 2.326: the 99 % normal quantile
  EXPECT_NEAR(kept.at(4).slope, 0.5 * whole, 0.01);
}

TEST(AxisWarp, SurvivesTies) {
  std::vector<double> values(100, 1.0);
  values.back() = 2;
  values.front() = 0;
  const auto warp = AxisWarp::through(values, std::vector{0.001, 0.5, 0.999});
  for (const double z : {-3.0, -0.1, 0.0, 0.1, 3.0})
    EXPECT_NEAR(warp.inverse(warp.at(z).x), z, 1e-9);
  const auto tied = AxisWarp::through(values, kKnots);  // all quantiles are 1
  EXPECT_GT(tied.at(1).slope, 0);
}

TEST(AxisWarp, LineIsALine) {
  const auto line = AxisWarp::line(5, 2);
  for (const double z : {-9.0, -1.0, 0.3, 4.0}) {
    EXPECT_DOUBLE_EQ(line.at(z).x, 5 + 2 * z);
    EXPECT_DOUBLE_EQ(line.at(z).slope, 2);
    EXPECT_NEAR(line.inverse(5 + 2 * z), z, 1e-15 * (1 + std::abs(z)) * 4);
  }
}

}  // namespace
