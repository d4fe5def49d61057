#include "sojourn/fate/debris_history.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/numerics/linear_system.h"

namespace {

using sojourn::fate::DebrisHistory;
using sojourn::fate::Rates;
using sojourn::fate::Start;

constexpr double kHour = 3600;

Rates rates() {
  Rates r;
  r.death_per_s = 0.008 / kHour;
  r.efflux_per_s = 0.003 / kHour;
  r.phagocytosed_fraction = 0.6;
  r.debris_release_per_s = 0.005 / kHour;
  return r;
}

TEST(DebrisHistory, EqualsTheBodysMeanBeforeTheFirstScan) {
  const Start start{1e6, 900, 100, 0};
  const double t = 24 * kHour;
  const auto all = sojourn::fate::propagate_label(rates(), start, t);
  const auto balance = DebrisHistory(rates(), start, 0, 1).at(t);
  EXPECT_EQ(balance.carried_bq, 0);
  EXPECT_NEAR(balance.per_live, all.debris_bq / all.live_bq, 1e-12);
}

TEST(DebrisHistory, StaysWithTheBodysMeanWhereTheShareStays) {
  // A region that always holds a quarter of the living label holds a quarter of the debris, however
  // often it is scanned.
  const Start start{1e6, 900, 100, 0};
  DebrisHistory history(rates(), start, 0, 1);
  for (const double hours : {2.0, 20.0, 50.0, 120.0}) {
    const auto all = sojourn::fate::propagate_label(rates(), start, hours * kHour);
    const auto balance = history.at(hours * kHour);
    const double live = all.live_bq / 4;
    EXPECT_NEAR(balance.carried_bq + balance.per_live * live, all.debris_bq / 4,
                1e-9 * all.debris_bq);
    history.record(hours * kHour, live);
  }
}

TEST(DebrisHistory, FollowsCellsThatLeave) {
  // Cells leave the region at 0.1/h; exact debris by the matrix exponential of (L here, R here).
  // Scans every 2 h: the share runs linearly between them, which costs (0.1 * 2)^2 / 12 of what
  // died.
  const Rates r = rates();
  const Start start{1e6, 1000, 0, 0};
  const double leave = 0.1 / kHour, a = r.death_per_s + r.efflux_per_s;
  const std::vector<double> matrix = {-(a + leave), 0, r.phagocytosed_fraction * r.death_per_s,
                                      -r.debris_release_per_s};
  DebrisHistory history(r, start, 0, 1);
  history.record(0, 1000);
  for (double hours = 2; hours <= 48; hours += 2) {
    const auto x =
        sojourn::numerics::propagate(matrix, std::vector<double>{1000, 0}, hours * kHour);
    const auto balance = history.at(hours * kHour);
    EXPECT_NEAR((balance.carried_bq + balance.per_live * x[0]) / x[1], 1, 0.004) << hours;
    history.record(hours * kHour, x[0]);
  }
}

TEST(DebrisHistory, KeepsTheDeadOfTheInfusionWithTheirPhagocytes) {
  const Start start{1e6, 900, 100, 0};
  const Rates r = rates();
  const auto balance = DebrisHistory(r, start, 0.65, 0).at(10 * kHour);
  EXPECT_NEAR(balance.carried_bq, 65 * std::exp(-r.debris_release_per_s * 10 * kHour), 1e-9);
}

}  // namespace
