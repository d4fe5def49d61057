#include "sojourn/numerics/stiff_ode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;

OdeProblem robertson() {
  OdeProblem p;
  p.start = {1, 0, 0};
  p.parameters = {0.04, 1e4, 3e7};
  p.rate = [](double, auto y, auto k, auto d) {
    d[0] = -k[0] * y[0] + k[1] * y[1] * y[2];
    d[2] = k[2] * y[1] * y[1];
    d[1] = -d[0] - d[2];
  };
  return p;
}

TEST(StiffOdePublished, RobertsonsKinetics) {
  // Hindmarsh, ODEPACK, demonstration program of DLSODE (tolerances of 1e-4), and the reference
  // solution at 1e11 of the Test Set for IVP Solvers, release 2.4, problem ROBER (tolerance 1e-14)
  const std::vector<double> times{0.4, 40, 4e4, 1e11};
  OdeOptions options;
  options.relative_tolerance = 1e-9;
  options.absolute_tolerance = {1e-14, 1e-18, 1e-14};
  auto problem = robertson();
  const auto s = solve_stiff(problem, times, options);
  ASSERT_TRUE(s.complete) << s.message;
  EXPECT_NEAR(s.at(0)[0], 9.851726e-01, 5e-5);  // the published run's own tolerance, 1e-4, halved
  EXPECT_NEAR(s.at(0)[1] / 3.386406e-05, 1, 5e-4);
  EXPECT_NEAR(s.at(0)[2] / 1.479357e-02, 1, 5e-4);
  EXPECT_NEAR(s.at(1)[0] / 7.158050e-01, 1, 5e-4);
  EXPECT_NEAR(s.at(1)[1] / 9.184616e-06, 1, 5e-4);
  EXPECT_NEAR(s.at(2)[0] / 3.897016e-02, 1, 1e-3);
  EXPECT_NEAR(s.at(2)[1] / 1.621193e-07, 1, 1e-3);
  EXPECT_NEAR(s.at(3)[0] / 0.2083340149701255e-07, 1, 1e-5);  // 1e-9 per step, 1e3 steps
  EXPECT_NEAR(s.at(3)[1] / 0.8333360770334713e-13, 1, 1e-5);
  EXPECT_NEAR(s.at(3)[2], 0.9999999791665050, 1e-9);
  for (std::size_t row = 0; row < times.size(); ++row)  // linear invariants survive the solver
    EXPECT_NEAR(s.at(row)[0] + s.at(row)[1] + s.at(row)[2], 1, 1e-9);
  problem.jacobian = [](double, auto y, auto k, auto j) {
    const double rows[] = {
        -k[0],        k[1] * y[2], k[1] * y[1],     k[0], -k[1] * y[2] - 2 * k[2] * y[1],
        -k[1] * y[1], 0,           2 * k[2] * y[1], 0};
    std::copy(std::begin(rows), std::end(rows), j.begin());
  };
  const auto exact = solve_stiff(problem, times, options);
  ASSERT_TRUE(exact.complete);
  for (std::size_t i = 0; i < s.y.size(); ++i) EXPECT_NEAR(exact.y[i] / s.y[i], 1, 1e-5);
}

TEST(StiffOde, LogisticGrowthWithSensitivities) {
  // y = K / (1 + q e^(-rt)), q = K / y0 - 1; dy/dr = y^2/K q t e^(-rt)
  OdeProblem p;
  const double r = 0.7, k = 50, y0 = 2, q = k / y0 - 1;
  p.start = {y0};
  p.parameters = {r, k};
  p.rate = [](double, auto y, auto c, auto d) { d[0] = c[0] * y[0] * (1 - y[0] / c[1]); };
  OdeOptions options;
  options.sensitivities = true;
  const std::vector<double> times{0, 1, 3, 8, 20};
  const auto differences = solve_stiff(p, times, options);
  p.jacobian = [](double, auto y, auto c, auto j) { j[0] = c[0] * (1 - 2 * y[0] / c[1]); };
  p.parameter_jacobian = [](double, auto y, auto c, auto j) {
    j[0] = y[0] * (1 - y[0] / c[1]);
    j[1] = c[0] * y[0] * y[0] / (c[1] * c[1]);
  };
  const auto exact = solve_stiff(p, times, options);
  for (const auto* s : {&differences, &exact}) {
    ASSERT_TRUE(s->complete) << s->message;
    ASSERT_EQ(s->sensitivity.size(), 2 * times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double e = std::exp(-r * times[i]), y = k / (1 + q * e);
      EXPECT_NEAR(s->y[i], y, 1e-5);  // 1e-8 relative per step, hundreds of steps, y up to 50
      EXPECT_NEAR(s->sensitivity[2 * i], y * y / k * q * times[i] * e, 2e-4);
      EXPECT_NEAR(s->sensitivity[2 * i + 1], y / k - y * y / k * e / y0, 1e-5);
    }
  }
}

TEST(StiffOde, DecayWithDosesAndARateThatJumps) {
  // dy/dt = -l y, l doubled from t = 2 on; 3 are added at t = 1: every piece is an exponential
  OdeProblem p;
  const double l = 0.9;
  p.start = {10};
  p.parameters = {l, 0.0};
  p.start_sensitivity = {0, 1};  // the second parameter is the start itself
  p.rate = [](double t, auto y, auto c, auto d) { d[0] = -(t < 2 ? c[0] : 2 * c[0]) * y[0]; };
  p.breaks = {{1, {3}}, {2, {}}};
  OdeOptions options;
  options.sensitivities = true;
  const std::vector<double> times{0, 0.5, 1, 1.5, 2, 2, 4};
  const auto s = solve_stiff(p, times, options);
  ASSERT_TRUE(s.complete) << s.message;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i], slow = std::min(t, 2.0) + 2 * std::max(t - 2, 0.0);
    const double start = 10 * std::exp(-l * slow);
    const double dose = t < 1 ? 0 : 3 * std::exp(-l * (slow - 1));
    EXPECT_NEAR(s.y[i], start + dose, 1e-6);  // at the break: after it
    EXPECT_NEAR(s.sensitivity[2 * i], -slow * start - (t < 1 ? 0 : slow - 1) * dose, 1e-5);
    EXPECT_NEAR(s.sensitivity[2 * i + 1], std::exp(-l * slow), 1e-6);
  }
}

TEST(StiffOde, AsksEachPieceForItsOwnTimesOnly) {
  OdeProblem p;
  p.start = {0};
  p.breaks = {{1, {}}};
  double latest_before = 0, earliest_after = 9;
  p.rate = [&](double t, auto, auto, auto d) {
    if (t < 1)
      latest_before = std::max(latest_before, t);
    else
      earliest_after = std::min(earliest_after, t);
    d[0] = t < 1 ? 1 : 100;
  };
  const auto s = solve_stiff(p, std::vector{1.0, 2.0});
  EXPECT_NEAR(s.y[0], 1, 1e-9);  // no glimpse of the steep side
  EXPECT_NEAR(s.y[1], 101, 1e-6);
  EXPECT_GT(latest_before, 0.99);
  EXPECT_EQ(earliest_after, 1);
}

TEST(StiffOde, BreakdownIsAResultWithItsPlace) {
  OdeProblem p;  // y = 1 / (1 - t): infinite at t = 1
  p.start = {1};
  p.rate = [](double, auto y, auto, auto d) { d[0] = y[0] * y[0]; };
  OdeOptions options;
  options.most_steps = 2000;
  const auto s = solve_stiff(p, std::vector{0.5, 2.0}, options);
  EXPECT_FALSE(s.complete);
  EXPECT_EQ(s.y.size(), 1U);
  EXPECT_NEAR(s.y[0], 2, 1e-6);
  EXPECT_NEAR(s.reached, 1, 1e-3);
  EXPECT_NE(s.message.find("stopped at t = "), std::string::npos);
  p.rate = [](double, auto, auto, auto d) { d[0] = std::numeric_limits<double>::quiet_NaN(); };
  EXPECT_FALSE(solve_stiff(p, std::vector{0.5}).complete);
}

TEST(StiffOde, RefusesWhatDoesNotFitAndPassesExceptionsOn) {
  auto p = robertson();
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0, 1.0}), Error);
  EXPECT_THROW((void)solve_stiff(p, std::vector{-1.0}), Error);
  p.breaks = {{1, {1}}};
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0}), Error);
  p.breaks = {{1, {}}, {1, {}}};
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0}), Error);
  p.breaks.clear();
  p.start_sensitivity = {1};
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0}), Error);
  p.start_sensitivity.clear();
  OdeOptions options;
  options.absolute_tolerance = {1e-8, 1e-8};
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0}, options), Error);
  p.rate = [](double, auto, auto, auto) { throw std::runtime_error("a model's own trouble"); };
  EXPECT_THROW((void)solve_stiff(p, std::vector{2.0}), std::runtime_error);
}

TEST(StiffOde, RunsSideBySideWithTheSameAnswer) {
  const auto alone = solve_stiff(robertson(), std::vector{40.0});
  std::vector<OdeSolution> many(16);
  sojourn::core::parallel_for(
      many.size(), [&](std::size_t i) { many[i] = solve_stiff(robertson(), std::vector{40.0}); });
  for (const auto& s : many) EXPECT_EQ(s.y, alone.y);
}

}  // namespace
