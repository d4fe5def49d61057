#include "sojourn/numerics/gaussian.h"

#include <gtest/gtest.h>

#include "sojourn/core/error.h"

namespace {

using namespace sojourn::numerics;

// [[4, 2], [2, 5]] = L L' with L = [[2, 0], [1, 2]]
TEST(Gaussian, SolvesAgainstHandCalculation) {
  const auto lower = cholesky({4, 2, 2, 5}, 2);
  EXPECT_EQ(lower, (std::vector<double>{2, 0, 1, 2}));
  std::vector<double> x{2, 5};
  solve_lower(lower, x);
  EXPECT_EQ(x, (std::vector<double>{1, 2}));
  solve_upper(lower, x);
  EXPECT_EQ(x, (std::vector<double>{0, 1}));
  const auto inverse = inverse_from_cholesky(lower, 2);
  const std::vector<double> expected{5.0 / 16, -2.0 / 16, -2.0 / 16, 4.0 / 16};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(inverse[i], expected[i]);
}

TEST(Gaussian, RefusesWhatIsNoCovariance) {
  EXPECT_THROW((void)cholesky({1, 2, 2, 1}, 2), sojourn::Error);
}

}  // namespace
