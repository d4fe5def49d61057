#include "sojourn/numerics/linear_system.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "sojourn/core/error.h"

namespace {

using sojourn::Error;
using sojourn::numerics::inverse;
using sojourn::numerics::propagate;
using sojourn::numerics::solve;

constexpr double kRounding = 1e-13;  // a few hundred ulp: products of small matrices

TEST(Propagate, MovesDiagonalSystemsByTheirExponentials) {
  const auto x = propagate(std::vector{-0.5, 0.0, 0.0, 2.0}, std::vector{3.0, 0.1}, 4.0);
  EXPECT_NEAR(x[0], 3.0 * std::exp(-2.0), kRounding);
  EXPECT_NEAR(x[1] / (0.1 * std::exp(8.0)), 1.0, kRounding);
}

TEST(Propagate, RotatesAndShears) {
  const double w = 1.7, t = 2.3;
  const auto turned = propagate(std::vector{0.0, -w, w, 0.0}, std::vector{1.0, 0.0}, t);
  EXPECT_NEAR(turned[0], std::cos(w * t), kRounding);
  EXPECT_NEAR(turned[1], std::sin(w * t), kRounding);
  // a Jordan block: exp(at) (1, t; 0, 1)
  const auto jordan = propagate(std::vector{-0.3, 1.0, 0.0, -0.3}, std::vector{0.0, 1.0}, t);
  EXPECT_NEAR(jordan[0], t * std::exp(-0.3 * t), kRounding);
  EXPECT_NEAR(jordan[1], std::exp(-0.3 * t), kRounding);
}

TEST(Propagate, AgreesWithBatemansChain) {
  // A -> B -> C with rates a, b: B = a (e^{-at} - e^{-bt}) / (b - a)
  const double a = 0.9, b = 0.04, t = 11.0;
  const auto x =
      propagate(std::vector{-a, 0., 0., a, -b, 0., 0., b, 0.}, std::vector{1., 0., 0.}, t);
  EXPECT_NEAR(x[1], a * (std::exp(-a * t) - std::exp(-b * t)) / (b - a), kRounding);
  EXPECT_NEAR(x[0] + x[1] + x[2], 1.0, kRounding);
}

TEST(Propagate, SolvesMolerAndVanLoansHardCase) {
  // Moler & Van Loan, SIAM Review 45 (2003) 3, example 2: the Taylor series fails on it
  const std::vector a{-49., 24., -64., 31.};
  const auto first = propagate(a, std::vector{1., 0.}, 1.0),
             second = propagate(a, std::vector{0., 1.}, 1.0);
  EXPECT_NEAR(first[0], -0.735759, 1e-6);  // the digits that the paper prints
  EXPECT_NEAR(second[0], 0.551819, 1e-6);
  EXPECT_NEAR(first[1], -1.471518, 1e-6);
  EXPECT_NEAR(second[1], 1.103638, 1e-6);
}

TEST(Propagate, RefusesWhatDoesNotFit) {
  EXPECT_THROW((void)propagate(std::vector{1., 2., 3.}, std::vector{1., 2.}, 1), Error);
  EXPECT_THROW((void)propagate(std::vector<double>{}, std::vector<double>{}, 1), Error);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)propagate(std::vector{nan}, std::vector{1.}, 1), Error);
  EXPECT_THROW((void)propagate(std::vector{1.}, std::vector{nan}, 1), Error);
  EXPECT_THROW((void)propagate(std::vector{1.}, std::vector{1.}, nan), Error);
  EXPECT_THROW((void)propagate(std::vector{1.}, std::vector{1.}, 1e5), Error);  // overflow
}

RC_GTEST_PROP(Propagate, ConservesClosedSystemsAndComposesInTime, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 7);
  std::vector<double> a(n * n, 0.0), x(n);
  for (std::size_t from = 0; from < n; ++from) {
    x[from] = *rc::gen::inRange(0, 1000) / 100.0;
    for (std::size_t to = 0; to < n; ++to) {
      if (to == from) continue;
      const double rate = *rc::gen::inRange(0, 300) / 100.0;
      a[to * n + from] += rate;
      a[from * n + from] -= rate;
    }
  }
  const double t = *rc::gen::inRange(0, 500) / 100.0;
  const auto whole = propagate(a, x, t), half = propagate(a, propagate(a, x, t / 2), t / 2);
  const double before = std::accumulate(x.begin(), x.end(), 0.0);
  // the norm reaches 180: at most six squarings, each doubling the rounding error
  RC_ASSERT(std::abs(std::accumulate(whole.begin(), whole.end(), 0.0) - before) <=
            1e-11 * (1 + before));
  for (std::size_t i = 0; i < n; ++i) {
    RC_ASSERT(std::abs(whole[i] - half[i]) <= 1e-11 * (1 + before));
    RC_ASSERT(whole[i] >= -1e-12 * (1 + before));
  }
}

TEST(Solve, InvertsTheHilbertMatrix) {
  // the inverse of the 4 x 4 Hilbert matrix is known in integers
  std::vector<double> hilbert;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) hilbert.push_back(1.0 / (i + j + 1));
  const std::vector<double> known{16,  -120,  240,  -140,  -120, 1200, -2700, 1680,
                                  240, -2700, 6480, -4200, -140, 1680, -4200, 2800};
  const auto found = inverse(hilbert, 4);
  for (std::size_t i = 0; i < known.size(); ++i)
    EXPECT_NEAR(found[i], known[i], 1e-8);  // condition 1.6e4 x 6480 x ulp
  const auto x = solve(hilbert, std::vector{1., 0., 0., 0.});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(x[i], known[4 * i], 1e-9);
}

TEST(Solve, RefusesSingularMatrices) {
  EXPECT_THROW((void)solve(std::vector{1., 2., 2., 4.}, std::vector{1., 1.}), Error);
  EXPECT_THROW((void)solve(std::vector{0., 0., 0., 0.}, std::vector{1., 1.}), Error);
  EXPECT_THROW((void)inverse(std::vector{1., 1., 1., 1. + 1e-14}, 2), Error);
  EXPECT_THROW((void)inverse(std::vector{1., 2.}, 2), Error);
  EXPECT_NO_THROW((void)solve(std::vector{0., 1., 1., 0.}, std::vector{1., 2.}));  // needs pivoting
}

}  // namespace
