#include "sojourn/numerics/curve_fit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;

const std::vector<double> kMisraX{77.6,  114.9, 141.1, 190.8, 239.9, 289.0, 332.8,
                                  378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0};
const std::vector<double> kMisraY{10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02,
                                  44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78};

void misra(std::span<const double> p, std::span<double> r) {
  for (std::size_t i = 0; i < r.size(); ++i)
    r[i] = kMisraY[i] - p[0] * (1 - std::exp(-p[1] * kMisraX[i]));
}

TEST(CurveFit, AgreesWithNistsMisra1aFromBothStarts) {
  // NIST/ITL StRD, Misra1a: certified values, standard deviations and residual sum of squares
  for (const auto& start : {std::vector{500.0, 1e-4}, std::vector{250.0, 5e-4}}) {
    for (const bool limited : {false, true}) {
      std::vector<FitParameter> parameters{{start[0]}, {start[1]}};
      if (limited) parameters = {{start[0], 0, 1e4}, {start[1], 0}};
      const auto fit = fit_curve(misra, kMisraX.size(), parameters);
      ASSERT_EQ(fit.status, FitStatus::converged) << fit.message;
      // eleven digits are certified; central differences leave seven and more of them
      EXPECT_NEAR(fit.value[0] / 2.3894212918e+02, 1, 1e-7);
      EXPECT_NEAR(fit.value[1] / 5.5015643181e-04, 1, 1e-7);
      EXPECT_NEAR(fit.standard_error[0] / 2.7070075241e+00, 1, 1e-6);
      EXPECT_NEAR(fit.standard_error[1] / 7.2668688436e-06, 1, 1e-6);
      EXPECT_NEAR(fit.weighted_squares / 1.2455138894e-01, 1, 1e-9);
      EXPECT_EQ(fit.degrees_of_freedom, 12);
    }
  }
}

TEST(CurveFit, KnownStandardDeviationsAreNotRescaled) {
  const auto relative = fit_curve(misra, 14, {{250}, {5e-4}});
  const auto known = fit_curve(misra, 14, {{250}, {5e-4}}, ResidualUnit::standard_deviation);
  const double s = std::sqrt(relative.weighted_squares / 12);
  EXPECT_NEAR(known.standard_error[0] * s / relative.standard_error[0], 1, 1e-9);
}

TEST(CurveFit, StopsAtALimitAndSaysSo) {
  const auto line = [](std::span<const double> p, std::span<double> r) {
    for (std::size_t i = 0; i < r.size(); ++i) {
      const double x = static_cast<double>(i);
      r[i] = (-0.5 + 2 * x) - (p[0] + p[1] * x);  // the best offset, -0.5, is not allowed
    }
  };
  const auto fit = fit_curve(line, 5, {{1, 0, 10}, {1}});
  EXPECT_EQ(fit.status, FitStatus::converged);
  EXPECT_NEAR(fit.value[0], 0, 1e-8);
  EXPECT_TRUE(fit.at_limit[0]);
  EXPECT_FALSE(fit.at_limit[1]);
  EXPECT_EQ(fit.standard_error[0], 0);
  // with the offset held at 0 the slope is Σxy/Σx² = (2·30 − 0.5·10)/30
  EXPECT_NEAR(fit.value[1], 55.0 / 30, 1e-7);
  EXPECT_GT(fit.standard_error[1], 0);
  EXPECT_EQ(fit.degrees_of_freedom, 4);
}

TEST(CurveFit, SaysWhatTheDataDoNotDetermine) {
  // p0 and p1 enter as a product only; p2 is on its own
  const auto residuals = [](std::span<const double> p, std::span<double> r) {
    for (std::size_t i = 0; i < r.size(); ++i) {
      const double x = static_cast<double>(i), noise = i % 2 == 0 ? 0.01 : -0.01;
      r[i] = 3 * x + 1 + noise - (p[0] * p[1] * x + p[2]);
    }
  };
  const auto fit = fit_curve(residuals, 8, {{1}, {1}, {0}});
  EXPECT_TRUE(std::isinf(fit.standard_error[0]));
  EXPECT_TRUE(std::isinf(fit.standard_error[1]));
  EXPECT_TRUE(std::isfinite(fit.standard_error[2]));
  EXPECT_NEAR(fit.value[0] * fit.value[1], 3,
              0.01);  // the alternating noise tilts the line by less
}

TEST(CurveFit, StandardErrorsAreThoseOfRepeatedData) {
  constexpr int kRepeats = 400;
  constexpr double kA = 5, kRate = 0.3, kSd = 0.05;
  double sum = 0, squares = 0, error = 0;
  for (int n = 0; n < kRepeats; ++n) {
    sojourn::core::Random random(11, static_cast<std::uint64_t>(n));
    std::vector<double> y;
    for (int i = 0; i < 20; ++i) y.push_back(kA * std::exp(-kRate * i) + kSd * random.normal());
    const auto fit = fit_curve(
        [&](std::span<const double> p, std::span<double> r) {
          for (std::size_t i = 0; i < r.size(); ++i)
            r[i] = y[i] - p[0] * std::exp(-p[1] * static_cast<double>(i));
        },
        y.size(), {{1, 0}, {1, 0, 10}});
    ASSERT_EQ(fit.status, FitStatus::converged);
    sum += fit.value[1];
    squares += (fit.value[1] - kRate) * (fit.value[1] - kRate);
    error += fit.standard_error[1] / kRepeats;
  }
  const double spread = std::sqrt(squares / kRepeats);
  EXPECT_LT(std::abs(sum / kRepeats - kRate) / (spread / std::sqrt(kRepeats)), 4);
  // a spread from 400 draws is known to 1/sqrt(800) = 3.5 %: four of these
  EXPECT_NEAR(error / spread, 1, 0.14);
}

TEST(CurveFit, RefusesWhatDoesNotFit) {
  EXPECT_THROW((void)fit_curve(misra, 1, {{1}, {1}}), Error);
  EXPECT_THROW((void)fit_curve(misra, 14, {}), Error);
  EXPECT_THROW((void)fit_curve(misra, 14, {{5, 0, 1}, {1}}), Error);
  EXPECT_THROW((void)fit_curve(misra, 14, {{5, 6, 6}, {1}}), Error);
  EXPECT_THROW((void)fit_curve(misra, 14, {{1}, {-1e9}}), Error);  // overflows
}

TEST(LinearFit, AgreesWithAnscombesFirstSet) {
  // Anscombe, Am Stat 27 (1973) 17: line y = 3 + 0.5 x, standard error of the slope 0.118, residual
  // sum of squares 13.75
  const std::vector<double> x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const std::vector<double> y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const auto fit = fit_linear({std::vector<double>(11, 1.0), x}, y);
  EXPECT_NEAR(fit.value[0], 3.0, 0.005);  // printed to two digits
  EXPECT_NEAR(fit.value[1], 0.5, 0.0005);
  EXPECT_NEAR(fit.standard_error[1], 0.118, 0.0005);
  EXPECT_NEAR(fit.weighted_squares, 13.75, 0.02);
  EXPECT_EQ(fit.degrees_of_freedom, 9);
}

RC_GTEST_PROP(LinearFit, WeightsAreRepeats, ()) {
  std::vector<double> x, y, weights, one, x2, y2, one2;
  for (int i = 0; i < 6; ++i) {
    x.push_back(i + *rc::gen::inRange(0, 100) / 200.0);
    y.push_back(*rc::gen::inRange(-100, 100) / 10.0);
    one.push_back(1);
    const int n = *rc::gen::inRange(0, 3) + (i < 3 ? 1 : 0);
    weights.push_back(n);
    for (int k = 0; k < n; ++k) {
      x2.push_back(x.back());
      y2.push_back(y.back());
      one2.push_back(1);
    }
  }
  const auto a = fit_linear({one, x}, y, weights), b = fit_linear({one2, x2}, y2);
  for (std::size_t k = 0; k < 2; ++k)
    RC_ASSERT(std::abs(a.value[k] - b.value[k]) < 1e-9 * (1 + std::abs(b.value[k])));
  RC_ASSERT(std::abs(a.weighted_squares - b.weighted_squares) < 1e-9 * (1 + b.weighted_squares));
}

TEST(LinearFit, RefusesColumnsThatDependOnEachOther) {
  const std::vector<double> a{1, 2, 3}, b{2, 4, 6}, y{1, 1, 2};
  EXPECT_THROW((void)fit_linear({a, b}, y), Error);
  EXPECT_THROW((void)fit_linear({a}, y, std::vector{1.0, -1.0, 1.0}), Error);
  EXPECT_THROW((void)fit_linear({a}, std::vector{1.0}), Error);
  EXPECT_THROW((void)fit_linear({}, y), Error);
}

}  // namespace
