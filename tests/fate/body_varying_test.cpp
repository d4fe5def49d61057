#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/fate/body_modes.h"
#include "sojourn/fate/generations.h"
#include "sojourn/fate/varying_rates.h"

namespace {

using namespace sojourn::fate;

constexpr double kHour = 3600, kDay = 24 * kHour;

ExpandingBody body_with(std::vector<double> antigen) {
  BodyModel m;
  m.sites = {{"blood", 0, 0, 0.0005 / kHour, 0.002 / kHour, 1},
             {"spleen", 1 / kHour, 0.1 / kHour, 0.0005 / kHour, 0.002 / kHour, 0},
             {"tumour", 0.2 / kHour, 0.02 / kHour, 0.0005 / kHour, 0.002 / kHour, 0}};
  m.debris_shares = {0, 1, 0};
  m.sinks = {{"bone", 0.6, 0.1, 0}, {"bladder", 0.4, 0.9, 1 / kHour}};
  m.efflux_per_s = 0.003 / kHour;
  m.phagocytosed_fraction = 0.7;
  m.debris_release_per_s = 0.006 / kHour;
  m.free_clearance_per_s = 0.35 / kHour;
  Expansion e;
  e.lag_s = 1 * kDay, e.rise_s = 1 * kDay, e.division_per_s = 2 / kDay, e.peak_s = 6 * kDay;
  e.extra_death_per_s = 0.5 / kDay;
  e.memory_per_s = 0.03 / kDay, e.memory_division_per_s = 0.02 / kDay;
  e.memory_death_per_s = 0.02 / kDay;
  return {m, e, std::move(antigen)};
}

std::vector<double> infused(const ExpandingBody& body) {
  BodyState s = empty_state(body.model);
  s.cells[0] = s.live[0] = 1;
  return body.start(s);
}

/// Classical Runge-Kutta steps of the slope, split at the bends.
std::vector<double> runge_kutta(const ExpandingBody& body, std::vector<double> y, double t_end) {
  const std::size_t n = y.size();
  std::vector<double> k1(n), k2(n), k3(n), k4(n), at(n);
  std::vector<double> stops = body.expansion.bends_s();
  std::erase_if(stops, [&](double t) { return t >= t_end; });
  stops.push_back(t_end);
  double t = 0;
  for (const double stop : stops) {
    const int steps = 1 + static_cast<int>((stop - t) / (0.05 * kHour));
    const double h = (stop - t) / steps;
    // just inside the interval: rates jump at its ends
    const auto inside = [&](double x) { return std::min(std::max(x, t + 1e-6), stop - 1e-6); };
    for (int i = 0; i < steps; ++i) {
      const double from = t + i * h;
      body.slope(inside(from), y, k1);
      for (std::size_t j = 0; j < n; ++j) at[j] = y[j] + 0.5 * h * k1[j];
      body.slope(inside(from + 0.5 * h), at, k2);
      for (std::size_t j = 0; j < n; ++j) at[j] = y[j] + 0.5 * h * k2[j];
      body.slope(inside(from + 0.5 * h), at, k3);
      for (std::size_t j = 0; j < n; ++j) at[j] = y[j] + h * k3[j];
      body.slope(inside(from + h), at, k4);
      for (std::size_t j = 0; j < n; ++j) y[j] += h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
    }
    t = stop;
  }
  return y;
}

TEST(ExpandingBody, AgreesWithFineRungeKutta) {
  for (const auto& antigen : {std::vector<double>{1, 1, 1}, {0, 0.5, 1}}) {
    const auto body = body_with(antigen);
    const auto found = expanding_course(body, infused(body), {1.5 * kDay, 5 * kDay, 9 * kDay});
    const std::vector<double> times{1.5, 5, 9};
    for (std::size_t k = 0; k < times.size(); ++k) {
      const auto expected = runge_kutta(body, infused(body), times[k] * kDay);
      const double whole = *std::max_element(expected.begin(), expected.end());
      // h = 3 min against rates of 1.3/h: (h rate)^4 is 2e-5 per step of 0.065, of error 1e-8 in
      // all
      for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(found[k][i], expected[i], 1e-7 * whole) << k << " " << i;
    }
  }
}

TEST(ExpandingBody, WithoutAntigenIsTheConstantBody) {
  auto body = body_with({0, 0, 0});
  body.expansion.memory_per_s = 0;
  BodyState start = empty_state(body.model);
  start.cells[0] = start.live[0] = 1;
  const auto found = body.together(expanding_course(body, infused(body), {9 * kDay}).front());
  const auto expected = BodyModes(body.model).at(start, 9 * kDay);
  const auto a = to_vector(found), b = to_vector(expected);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-10) << i;
}

TEST(ExpandingBody, UniformAntigenGrowsByTheIntegralOfItsRates) {
  auto body = body_with({1, 1, 1});
  body.expansion.memory_per_s = 0;
  const auto found = body.together(expanding_course(body, infused(body), {8 * kDay}).front());
  // 1 d at rest, 1 d of rise (mean of both rates), 4 d at the highest, 2 d at rest again
  const double rest = 0.0005 * 24, high = 2, death = 0.002 * 24;
  const double divisions = rest + 0.5 * (rest + high) + 4 * high + 2 * rest;
  const double deaths = 8 * death + 2 * 0.5, efflux = 8 * 0.003 * 24;
  // CVODES' local error of 1e-10, summed over some hundred steps of the rise
  EXPECT_NEAR(found.total_cells() / std::exp(divisions - deaths), 1, 1e-7);
  EXPECT_NEAR(found.total_live(), std::exp(-deaths - efflux), 1e-9);
  EXPECT_NEAR(found.total_label(), 1, 1e-9);
  // the same cells by generation hold the same label
  const auto g = generations(divisions, deaths, 80);
  double label = 0;
  for (std::size_t k = 0; k < g.cells.size(); ++k)
    label += g.cells[k] * std::exp2(-static_cast<double>(k));
  EXPECT_NEAR(label * std::exp(-efflux) / found.total_live(), 1, 1e-8);
}

TEST(ExpandingBody, ActivityPerCellFallsInExpansionAndStaysInContraction) {
  // Expansion of 5 d, then contraction: what De Boer et al., J Virol 2001;75:10663 describe. Label
  // of a cell falls by division, not by death; the whole label of living cells falls by death.
  const auto body = body_with({1, 1, 1});
  const auto states =
      expanding_course(body, infused(body), {1 * kDay, 6 * kDay, 9 * kDay, 30 * kDay});
  std::vector<double> cells, live, per_cell;
  for (const auto& y : states) {
    const auto s = body.together(y);
    cells.push_back(s.total_cells()), live.push_back(s.total_live());
    per_cell.push_back(live.back() / cells.back());
    EXPECT_NEAR(s.total_label(), 1, 1e-9);
  }
  EXPECT_GT(cells[1], 1000 * cells[0]);        // 9 divisions of e in the mean
  EXPECT_LT(per_cell[1], 1e-3 * per_cell[0]);  // diluted as much
  EXPECT_LT(cells[2], 0.4 * cells[1]);         // 0.5 1/d for 3 d
  EXPECT_GT(per_cell[2], 0.7 * per_cell[1]);   // resting division and efflux alone
  EXPECT_LT(live[2], 0.4 * live[1]);           // released or engulfed
  const auto memory = body.memory_cells(states[3]);
  const double kept = std::accumulate(memory.begin(), memory.end(), 0.0);
  EXPECT_GT(kept / cells[3], 0.95);                 // effector cells are gone after 24 d
  EXPECT_NEAR(kept / cells[1], 0.03 / 0.55, 0.02);  // share m / (m + deaths) of the peak
}

TEST(ExpandingBody, RefusesOtherSizesAndUnorderedTimes) {
  const auto body = body_with({1, 1, 1});
  EXPECT_THROW((void)expanding_course(body, {1, 2}, {0}), sojourn::Error);
  EXPECT_THROW((void)expanding_course(body, infused(body), {2, 1}), sojourn::Error);
  EXPECT_THROW((void)expanding_course(body, infused(body), {-1}), sojourn::Error);
  EXPECT_THROW((void)expanding_course(body_with({1, 1, 2}), infused(body), {1}), sojourn::Error);
}

TEST(Generations, SumToTheWholeAndDiluteAsTheMeanSays) {
  for (const double m : {0.0, 0.3, 2.0, 7.0}) {
    const double d = 0.4;
    const auto g = generations(m, d, 120);
    const double all = std::accumulate(g.cells.begin(), g.cells.end(), 0.0);
    EXPECT_NEAR(all / std::exp(m - d), 1, 1e-12) << m;
    double label = 0, square = 0;
    for (std::size_t k = 0; k < g.cells.size(); ++k) {
      label += g.cells[k] * std::exp2(-static_cast<double>(k));
      square += g.cells[k] * std::exp2(-2 * static_cast<double>(k));
    }
    EXPECT_NEAR(label / all, mean_dilution(m), 1e-12) << m;
    EXPECT_NEAR(std::sqrt(square / all - std::pow(label / all, 2)) / (label / all),
                dilution_spread(m), 1e-6)
        << m;
    EXPECT_NEAR(g.beyond, 0, 1e-9 * all);
  }
}

TEST(Generations, FollowTheirEquation) {
  const double rho = 0.7, delta = 0.2, t = 1.3, h = 1e-4;
  const auto at = [&](double x) { return generations(rho * x, delta * x, 6).cells; };
  const auto before = at(t - h), now = at(t), after = at(t + h);
  for (std::size_t g = 0; g < now.size(); ++g) {
    const double source = g > 0 ? 2 * rho * now[g - 1] : 0;
    // central difference: h^2 / 6 of a third derivative near 1
    EXPECT_NEAR((after[g] - before[g]) / (2 * h), source - (rho + delta) * now[g], 1e-7) << g;
  }
  EXPECT_GT(generations(3, 0, 2).beyond, 0);
  EXPECT_THROW((void)generations(-1, 0, 3), sojourn::Error);
}

}  // namespace
