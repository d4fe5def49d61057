#include "sojourn/numerics/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "sojourn/core/error.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;

/// A model against data, as residuals.
template <typename Model>
FitProblem problem_of(const std::vector<double>& x, const std::vector<double>& y, Model model) {
  FitProblem problem;
  problem.n_residuals = x.size();
  problem.residuals = [x, y, model](std::span<const double> b, std::span<double> r) {
    for (std::size_t i = 0; i < x.size(); ++i) r[i] = model(x[i], b) - y[i];
  };
  return problem;
}

double misra1a(double x, std::span<const double> b) { return b[0] * (1 - std::exp(-b[1] * x)); }

// NIST/ITL StRD nonlinear regression, Misra1a (Misra 1978), 14 observations.
const std::vector<double> kMisraX{77.6,  114.9, 141.1, 190.8, 239.9, 289.0, 332.8,
                                  378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0};
const std::vector<double> kMisraY{10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02,
                                  44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78};
constexpr double kMisraB1 = 2.3894212918e+02, kMisraB2 = 5.5015643181e-04;
constexpr double kMisraRss = 1.2455138894e-01;

TEST(FitPublished, NistMisra1aFromBothStartsWithItsStandardDeviations) {
  const auto problem = problem_of(kMisraX, kMisraY, misra1a);
  for (const auto& start : {std::vector{500.0, 1e-4}, std::vector{250.0, 5e-4}}) {
    const auto result = fit(problem, std::vector<std::vector<double>>{start});
    ASSERT_TRUE(result.converged) << result.message;
    // 11 digits are certified; differences of 1e-11 relative leave about 8
    EXPECT_NEAR(result.theta[0] / kMisraB1, 1, 1e-7);
    EXPECT_NEAR(result.theta[1] / kMisraB2, 1, 1e-7);
    EXPECT_NEAR(2 * result.cost / kMisraRss, 1, 1e-9);
    // certified standard deviations are scaled by the residual variance, RSS / 12
    const double scale = std::sqrt(kMisraRss / 12);
    EXPECT_NEAR(scale * std::sqrt(result.covariance[0]) / 2.7070075241e+00, 1, 1e-6);
    EXPECT_NEAR(scale * std::sqrt(result.covariance[3]) / 7.2668688436e-06, 1, 1e-6);
    EXPECT_TRUE(result.uninformed.empty());
    EXPECT_GT(result.evaluations, 5U);
  }
}

TEST(FitPublished, NistThurberFromBothStarts) {
  // NIST/ITL StRD, Thurber (semiconductor electron mobility), 37 observations, higher difficulty
  const std::vector<double> x{-3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699,
                              -2.633, -2.481, -2.363, -2.322, -1.501, -1.460, -1.274, -1.212,
                              -1.100, -1.046, -0.915, -0.714, -0.566, -0.545, -0.400, -0.309,
                              -0.109, -0.103, 0.010,  0.119,  0.377,  0.790,  0.963,  1.006,
                              1.115,  1.572,  1.841,  2.047,  2.200};
  const std::vector<double> y{80.574,   84.248,   87.264,   87.195,   89.076,   89.608,   89.868,
                              90.101,   92.405,   95.854,   100.696,  101.060,  401.672,  390.724,
                              567.534,  635.316,  733.054,  759.087,  894.206,  990.785,  1090.109,
                              1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543,
                              1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.350, 1468.705,
                              1447.894, 1457.628};
  ASSERT_EQ(x.size(), 37U);
  ASSERT_EQ(y.size(), 37U);
  const auto problem = problem_of(x, y, [](double v, std::span<const double> b) {
    return (b[0] + v * (b[1] + v * (b[2] + v * b[3]))) / (1 + v * (b[4] + v * (b[5] + v * b[6])));
  });
  const double certified[] = {1.2881396800e+03, 1.4910792535e+03, 5.8323836877e+02,
                              7.5416644291e+01, 9.6629502864e-01, 3.9797285797e-01,
                              4.9727297349e-02};
  const std::vector<std::vector<double>> starts{{1000, 1000, 400, 40, 0.7, 0.3, 0.03},
                                                {1300, 1500, 500, 75, 1, 0.4, 0.05}};
  const auto result = fit(problem, starts);
  ASSERT_TRUE(result.converged) << result.message;
  for (const auto& attempt : result.attempts) {
    EXPECT_TRUE(attempt.converged);
    EXPECT_NEAR(2 * attempt.cost / 5.6427082397e+03, 1, 1e-9);  // certified sum of squares
    for (std::size_t k = 0; k < 7; ++k)
      EXPECT_NEAR(attempt.theta[k] / certified[k], 1, 1e-5) << k;  // flat: 4 digits fewer than RSS
  }
}

TEST(Fit, LaplaceOfALinearModelIsExact) {
  // a line through two points and a prior on its slope
  FitProblem problem;
  problem.n_residuals = 3;
  problem.residuals = [](std::span<const double> p, std::span<double> r) {
    r[0] = p[0] - 1;             // x = 0, y = 1
    r[1] = p[0] + 2 * p[1] - 4;  // x = 2, y = 4
    r[2] = (p[1] - 0.5) / 2;     // prior 0.5 +- 2
  };
  const auto result = fit(problem, std::vector<std::vector<double>>{{0, 0}});
  ASSERT_TRUE(result.converged);
  // J'J = (2, 2; 2, 4.25), determinant 4.5
  const double expected[] = {4.25 / 4.5, -2 / 4.5, -2 / 4.5, 2 / 4.5};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(result.covariance[i], expected[i], 1e-9);  // differences of a linear function
  // normal equations: (2, 2; 2, 4.25) p = (5, 8.125)
  // the cost changes with the square of what is left: 1e-14 of it leaves 1e-7
  EXPECT_NEAR(result.theta[0], (5 * 4.25 - 2 * 8.125) / 4.5, 1e-7);
  EXPECT_NEAR(result.theta[1], (2 * 8.125 - 2 * 5) / 4.5, 1e-7);
}

TEST(Fit, NamesDirectionsThatTheDataLeaveFree) {
  FitProblem problem;  // only the product is seen; the third parameter has no effect
  problem.n_residuals = 2;
  problem.residuals = [](std::span<const double> p, std::span<double> r) {
    r[0] = std::log(p[0] * p[1] / 6) / 0.1;
    r[1] = 2 * r[0];
  };
  const auto result = fit(problem, std::vector<std::vector<double>>{{1, 1, 5}});
  ASSERT_EQ(result.uninformed.size(), 2U);
  // ln p0 - ln p1 and p2: no free direction moves ln p0 + ln p1 (typical sizes are 1, 1, 5)
  for (const auto& direction : result.uninformed)
    EXPECT_NEAR(direction[0] / result.theta[0] + direction[1] / result.theta[1], 0, 1e-6);
  // the product is known: var(ln p0 + ln p1) = 0.01 / 5
  const double a = 1 / result.theta[0], b = 1 / result.theta[1];
  const auto& c = result.covariance;
  EXPECT_NEAR(a * a * c[0] + 2 * a * b * c[1] + b * b * c[4], 0.002, 1e-6);
  EXPECT_NE(result.message.find("2 of 3 directions free"), std::string::npos);
}

TEST(Fit, TakesTheLowestOfSeveralValleys) {
  FitProblem problem;  // cost (x^2 - 1)^2 + a slope: the valley at -1 is lower
  problem.n_residuals = 2;
  problem.residuals = [](std::span<const double> p, std::span<double> r) {
    r[0] = p[0] * p[0] - 1;
    r[1] = 0.2 * (p[0] + 1);
  };
  const auto alone = fit(problem, std::vector<std::vector<double>>{{1.5}});
  EXPECT_GT(alone.theta[0], 0.5);
  const auto both = fit(problem, std::vector<std::vector<double>>{{1.5}, {-3}});
  EXPECT_NEAR(both.theta[0], -1, 1e-6);
  EXPECT_NEAR(both.cost, 0, 1e-12);
  EXPECT_EQ(both.attempts.size(), 2U);
}

TEST(Fit, StopsAtBoundsAndSaysSo) {
  auto problem = problem_of(kMisraX, kMisraY, misra1a);
  problem.lower = {0, 0};
  problem.upper = {200, 1};  // the answer would be 238.9
  const auto result = fit(problem, std::vector<std::vector<double>>{{150, 1e-3}});
  EXPECT_NEAR(result.theta[0], 200, 1e-9);
  EXPECT_EQ(result.at_bound, (std::vector<std::size_t>{0}));
}

TEST(Fit, ReportsThatItDidNotConverge) {
  FitOptions hurried;
  hurried.most_iterations = 2;
  const auto result = fit(problem_of(kMisraX, kMisraY, misra1a),
                          std::vector<std::vector<double>>{{500, 1e-4}}, hurried);
  EXPECT_FALSE(result.converged);
  EXPECT_FALSE(result.message.empty());
  FitProblem nowhere;
  nowhere.n_residuals = 1;
  nowhere.residuals = [](std::span<const double>, std::span<double> r) {
    r[0] = std::numeric_limits<double>::quiet_NaN();
  };
  const auto lost = fit(nowhere, std::vector<std::vector<double>>{{1}});
  EXPECT_FALSE(lost.converged);
  EXPECT_TRUE(lost.covariance.empty());
}

TEST(Fit, GivenJacobianAgreesWithDifferences) {
  auto problem = problem_of(kMisraX, kMisraY, misra1a);
  const auto by_differences = fit(problem, std::vector<std::vector<double>>{{250, 5e-4}});
  problem.jacobian = [](std::span<const double> b, std::span<double> j) {
    for (std::size_t i = 0; i < kMisraX.size(); ++i) {
      j[2 * i] = 1 - std::exp(-b[1] * kMisraX[i]);
      j[2 * i + 1] = b[0] * kMisraX[i] * std::exp(-b[1] * kMisraX[i]);
    }
  };
  const auto exact = fit(problem, std::vector<std::vector<double>>{{250, 5e-4}});
  for (std::size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(exact.theta[k] / by_differences.theta[k], 1, 1e-8);
  EXPECT_LT(exact.evaluations, by_differences.evaluations);
}

TEST(Fit, RefusesWhatCannotBePosedAndPassesExceptionsOn) {
  auto problem = problem_of(kMisraX, kMisraY, misra1a);
  EXPECT_THROW((void)fit(problem, std::vector<std::vector<double>>{}), Error);
  EXPECT_THROW((void)fit(problem, std::vector<std::vector<double>>{{1, 2}, {1}}), Error);
  problem.lower = {0, 0};
  EXPECT_THROW((void)fit(problem, std::vector<std::vector<double>>{{-1, 1}}), Error);
  problem.lower = {0};
  EXPECT_THROW((void)fit(problem, std::vector<std::vector<double>>{{1, 1}}), Error);
  problem.lower.clear();
  problem.residuals = [](std::span<const double>, std::span<double>) {
    throw std::runtime_error("a model's own trouble");
  };
  EXPECT_THROW((void)fit(problem, std::vector<std::vector<double>>{{1, 1}}), std::runtime_error);
}

}  // namespace
