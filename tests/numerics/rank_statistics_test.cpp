#include "sojourn/numerics/rank_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;
using sojourn::core::Random;

TEST(RankStatistics, ChiSquareQuantilesEqualThePublishedTable) {
  // NIST/SEMATECH e-handbook of statistical methods, section 1.3.6.7.4, upper critical values
  EXPECT_NEAR(chi_square_quantile(0.95, 1), 3.841, 5.1e-4);  // three decimals printed
  EXPECT_NEAR(chi_square_quantile(0.95, 10), 18.307, 5.1e-4);
  EXPECT_NEAR(chi_square_quantile(0.99, 19), 36.191, 5.1e-4);
  EXPECT_NEAR(chi_square_quantile(0.95, 100), 124.342, 5.1e-4);
  EXPECT_NEAR(chi_square_p_value(18.307, 10), 0.05, 1e-5);
  EXPECT_NEAR(chi_square_p_value(3.0, 2), std::exp(-1.5), 1e-14);  // exact for 2 degrees
  EXPECT_THROW((void)chi_square_quantile(1, 3), Error);
  EXPECT_THROW((void)chi_square_quantile(0.5, 0), Error);
  EXPECT_THROW((void)chi_square_p_value(-1, 3), Error);
}

TEST(RankTest, IsPearsonsSumByHand) {
  // 40 ranks of 0..3: 16, 8, 8, 8 against 10 each: 36 + 3 * 4, over 10
  std::vector<std::size_t> ranks(16, 0);
  for (std::size_t r = 1; r < 4; ++r) ranks.insert(ranks.end(), 8, r);
  const auto test = rank_test(ranks, 3, 4);
  EXPECT_DOUBLE_EQ(test.chi_square, 4.8);
  EXPECT_EQ(test.degrees_of_freedom, 3);
  EXPECT_NEAR(test.p_value, 0.18704, 5e-6);  // R: pchisq(4.8, 3, lower = FALSE)
  // unequal groups: 0, 1 together and 2, with 2/3 and 1/3 expected
  const auto uneven =
      rank_test(std::vector<std::size_t>{0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, 2, 2);
  EXPECT_NEAR(uneven.chi_square, 0, 1e-12);
}

TEST(RankTest, HoldsItsLevelAndSeesNarrowPosteriors) {
  std::size_t refused = 0;
  const std::size_t trials = 400;
  for (std::size_t t = 0; t < trials; ++t) {
    Random random(5, t);
    std::vector<std::size_t> ranks(500);
    for (auto& rank : ranks) rank = static_cast<std::size_t>(random.uniform() * 100);
    refused += rank_test(ranks, 99, 20).p_value < 0.05 ? 1 : 0;
  }
  EXPECT_LT(std::abs(coverage(refused, trials, 0.05).z), 4);  // four standard errors
  // truths of sd 1 among 99 draws of sd 0.7: ranks pile up at both ends
  std::vector<std::size_t> ranks(500, 0);
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    Random random(6, i);
    const double truth = random.normal();
    for (int d = 0; d < 99; ++d) ranks[i] += 0.7 * random.normal() < truth ? 1 : 0;
  }
  EXPECT_LT(rank_test(ranks, 99, 20).p_value, 1e-6);
}

TEST(RankTest, RefusesRanksOutsideAndThinBins) {
  EXPECT_THROW((void)rank_test(std::vector<std::size_t>(100, 5), 4, 2), Error);
  EXPECT_THROW((void)rank_test(std::vector<std::size_t>(100, 1), 4, 1), Error);
  EXPECT_THROW((void)rank_test(std::vector<std::size_t>(100, 1), 4, 6), Error);
  EXPECT_THROW((void)rank_test(std::vector<std::size_t>(20, 1), 9, 5), Error);
}

TEST(Coverage, IsBinomialWithWilsonsInterval) {
  const auto c = coverage(81, 263, 0.3);
  EXPECT_NEAR(c.standard_error, std::sqrt(0.3 * 0.7 / 263), 1e-15);
  // Newcombe, Stat Med 17 (1998) 857, table I, method 3: 81/263 gives 0.2553 to 0.3662
  EXPECT_NEAR(c.low, 0.2553, 5e-5);
  EXPECT_NEAR(c.high, 0.3662, 5e-5);
  const auto none = coverage(0, 20, 0.9);  // the same table: 0/20 gives 0 to 0.1611
  EXPECT_NEAR(none.low, 0, 1e-12);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  EXPECT_LT(none.z, -10);
  EXPECT_THROW((void)coverage(0, 0, 0.5), Error);
  EXPECT_THROW((void)coverage(3, 2, 0.5), Error);
  EXPECT_THROW((void)coverage(1, 2, 1), Error);
}

}  // namespace
