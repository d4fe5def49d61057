#include "sojourn/fate/kinetics_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;

TEST(CountingWeights, AreTheInverseVarianceOfCounts) {
  // Poisson counts of a decaying source of constant decay-corrected concentration, corrected back
  const double half_life = 1223.1, lambda = std::log(2) / half_life;
  const std::vector<FrameTime> frames{{0, 60}, {60, 300}, {1200, 600}, {4800, 600}};
  const std::vector<double> mean{5, 5, 5, 5};
  const auto weights = counting_weights(frames, mean, half_life);
  constexpr int kRepeats = 4000;
  std::vector<double> variance;
  for (const auto& f : frames) {
    const double decayed = (std::exp(-lambda * f.start_s) - std::exp(-lambda * f.end_s())) / lambda;
    const double expected = 20 * decayed;  // counts
    double squares = 0;
    for (int n = 0; n < kRepeats; ++n) {
      sojourn::core::Random random(7, static_cast<std::uint64_t>(n));
      const double seen = static_cast<double>(random.poisson(expected)) / (4 * decayed);
      squares += (seen - 5) * (seen - 5);
    }
    variance.push_back(squares / kRepeats);
  }
  for (std::size_t f = 1; f < frames.size(); ++f)
    // a variance from 4000 draws is known to 2.2 %, a ratio to 3.2 %: four of these
    EXPECT_NEAR(weights[f] / weights[0] * variance[f] / variance[0], 1, 0.13) << f;
  double sum = 0;
  for (const double w : weights) sum += w;
  EXPECT_NEAR(sum, 4, 1e-12);
}

TEST(CountingWeights, AnEmptyFrameDoesNotTakeAll) {
  const std::vector<FrameTime> frames{{0, 60}, {60, 60}};
  const auto weights = counting_weights(frames, std::vector{-0.1, 10.0}, 1e9, 0.05);
  EXPECT_NEAR(weights[0] / weights[1], 20, 1e-6);
  EXPECT_THROW((void)counting_weights(frames, std::vector{-1.0, 0.0}, 1e9), Error);
  EXPECT_THROW((void)counting_weights(frames, std::vector{1.0}, 1e9), Error);
  EXPECT_THROW((void)counting_weights(frames, {}, 0), Error);
  EXPECT_THROW((void)counting_weights(frames, {}, 10, 0), Error);
}

TEST(ResidualCheck, CountsRuns) {
  const std::vector<double> fit(8, 0.0);
  const auto trend = check_residuals(std::vector<double>{1, 2, 1, 1, -1, -2, -1, -1}, fit);
  EXPECT_EQ(trend.runs, 2);
  // n1 = n2 = 4: mean 5, variance 2·16·(32 − 8)/(64·7) = 12/7
  EXPECT_NEAR(trend.runs_z, (2 - 5) / std::sqrt(12.0 / 7), 1e-12);
  EXPECT_NEAR(trend.weighted_squares, 14, 1e-12);
  EXPECT_GT(check_residuals(std::vector<double>{1, -1, 1, -1, 1, -1, 1, -1}, fit).runs_z, 2);
  const auto weighted =
      check_residuals(std::vector{3.0, 1.0}, std::vector{1.0, 2.0}, std::vector{4.0, 0.0});
  EXPECT_EQ(weighted.weighted[0], 4);
  EXPECT_EQ(weighted.runs, 1);
  EXPECT_EQ(weighted.runs_z, 0);
  EXPECT_THROW((void)check_residuals(fit, std::vector{1.0}), Error);
}

TEST(AkaikeCriterion, IsTheFormula) {
  // n = 10, two parameters and the variance: 10 ln(0.2) + 6 + 24/6
  EXPECT_NEAR(akaike_criterion(2, 10, 2), 10 * std::log(0.2) + 6 + 4, 1e-12);
  EXPECT_TRUE(std::isinf(akaike_criterion(2, 4, 2)));
}

}  // namespace
