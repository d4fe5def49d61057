#include "sojourn/fate/label_model.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "sojourn/fate/region_share.h"
#include "sojourn/numerics/linear_system.h"

namespace {

using namespace sojourn::fate;

constexpr double kHour = 3600;

/// Rates in 1/h between 0 and 1, some of them equal or nearly so: the formulas have removable poles
/// there.
double any_rate() {
  const double grid = *rc::gen::inRange(0, 11) / 10.0;
  const double off = *rc::gen::element(0.0, 0.0, 1e-12, 1e-7, 1e-3, 0.04);
  return (grid + off) / kHour;
}

Rates any_rates() {
  return {any_rate(), any_rate(), any_rate(), *rc::gen::inRange(0, 11) / 10.0,
          any_rate(), any_rate()};
}

Start any_start() {
  const auto part = [] { return *rc::gen::inRange(0, 100001) / 10.0; };
  return {1 + part(), part(), part(), part()};
}

/// The whole system of the theory as a matrix: n, L, R, F, bone, liver, kidney, rest, excreted.
std::vector<double> system_of(const Rates& r, const Routes& q) {
  constexpr std::size_t n = 9;
  std::vector<double> a(n * n, 0.0);
  const auto flow = [&](std::size_t from, std::size_t to, double rate) {
    a[to * n + from] += rate;
    a[from * n + from] -= rate;
  };
  a[0] = r.division_per_s - r.death_per_s;
  flow(1, 2, r.phagocytosed_fraction * r.death_per_s);
  flow(1, 3, (1 - r.phagocytosed_fraction) * r.death_per_s + r.efflux_per_s);
  flow(2, 3, r.debris_release_per_s);
  const double fractions[] = {q.bone, q.liver, q.kidney, q.rest(), q.excreted};
  for (std::size_t k = 0; k < 5; ++k) flow(3, 4 + k, r.free_clearance_per_s * fractions[k]);
  return a;
}

RC_GTEST_PROP(LabelModel, EqualsTheMatrixExponentialOfTheFullSystem, ()) {
  const Rates rates = any_rates();
  const Routes routes =
      normalised({*rc::gen::inRange(0, 11) / 10.0, 0.1, 0.05, *rc::gen::inRange(0, 11) / 10.0});
  const Start start = any_start();
  const double t = *rc::gen::inRange(0, 200) * 0.5 * kHour;
  RC_PRE((rates.division_per_s - rates.death_per_s) * t < 20);
  const std::vector<double> x{
      start.cells, start.live_bq, start.debris_bq, start.free_bq, 0, 0, 0, 0, 0};
  const auto expected = sojourn::numerics::propagate(system_of(rates, routes), x, t);
  const std::vector<Dose> doses{Dose{}};
  const Amounts a = superpose(rates, start, doses, t);
  const Deposits d = deposits(rates, start, doses, routes, std::nullopt, t);
  const double total = start.live_bq + start.debris_bq + start.free_bq;
  // absolute error against the whole label: rounding of the matrix exponential and of divided
  // differences
  const double tolerance = 1e-10 * (1 + total);
  RC_ASSERT(std::abs(a.cells / expected[0] - 1) < 1e-9);
  const double found[] = {a.live_bq,  a.debris_bq, a.free_bq, d.bone_bq,
                          d.liver_bq, d.kidney_bq, d.rest_bq, d.excreted_bq};
  for (std::size_t k = 0; k < 8; ++k) RC_ASSERT(std::abs(found[k] - expected[k + 1]) < tolerance);
}

RC_GTEST_PROP(LabelModel, ConservesLabelAndStaysPositive, ()) {
  const Rates rates = any_rates();
  const Routes routes = normalised({0.5, 0.1, 0.05, 0.2});
  const Start start = any_start();
  const std::vector<Dose> doses{{0.6, 0}, {0.4, 5 * kHour}};
  const double t = (5 + *rc::gen::inRange(0, 4000) * 0.1) * kHour;
  const Amounts a = superpose(rates, start, doses, t);
  const Deposits d = deposits(rates, start, doses, routes,
                              Detour{{0.1, 0.1, 0.05, 0.7}, 2 * kHour, 30 * kHour}, t);
  const double total = start.live_bq + start.debris_bq + start.free_bq;
  const double found = a.live_bq + a.debris_bq + a.free_bq + d.bone_bq + d.liver_bq + d.kidney_bq +
                       d.rest_bq + d.excreted_bq;
  RC_ASSERT(std::abs(found - total) <= 1e-10 * (1 + total));
  for (const double part : {a.cells, a.live_bq, a.debris_bq, a.free_bq, d.bone_bq, d.liver_bq,
                            d.kidney_bq, d.rest_bq, d.excreted_bq})
    RC_ASSERT(part >= -1e-12 * total);
}

RC_GTEST_PROP(LabelModel, LabelPerLivingCellFallsByDivisionAndEffluxAlone, ()) {
  const Rates rates = any_rates();
  const Start start = any_start();
  RC_PRE(start.live_bq > 0);
  const double t = *rc::gen::inRange(0, 200) * 0.1 * kHour;
  const Amounts a = propagate_label(rates, start, t);
  const double expected =
      start.live_bq / start.cells * std::exp(-(rates.efflux_per_s + rates.division_per_s) * t);
  RC_ASSERT(std::abs(a.live_bq / a.cells / expected - 1) < 1e-12 * (1 + 100));
}

TEST(LabelModel, ChainResponseHasItsClosedForms) {
  EXPECT_NEAR(chain_response({2.0}, 0.5), std::exp(-1), 1e-15);
  EXPECT_NEAR(chain_response({1, 3}, 0.7), (std::exp(-0.7) - std::exp(-2.1)) / 2, 1e-15);
  EXPECT_NEAR(chain_response({2, 2, 2}, 3), 4.5 * std::exp(-6), 1e-16);  // t²/2 e^{-2t}
  EXPECT_NEAR(chain_response({0, 0, 0, 0}, 2), 8.0 / 6, 1e-14);          // t³/6
  EXPECT_NEAR(chain_response({1, 1 + 1e-9}, 1), std::exp(-1) * (1 - 0.5e-9), 1e-15);
}

TEST(LabelModel, DeferoxamineKeepsReleasedLabelOutOfBone) {
  const Rates rates{0, 0.01 / kHour, 0.004 / kHour, 0.7, 0.006 / kHour, 0.35 / kHour};
  const Start start{1e6, 1000, 50, 10};
  const std::vector<Dose> doses{Dose{}};
  const Routes usual{0.5, 0.1, 0.05, 0.2}, chelated{0.1, 0.1, 0.05, 0.75};
  const auto bone = [&](const std::optional<Detour>& detour) {
    return deposits(rates, start, doses, usual, detour, 96 * kHour).bone_bq;
  };
  const double none = bone(std::nullopt), all = bone(Detour{chelated, 0, 1e9}),
               half = bone(Detour{chelated, 48 * kHour, 1e9});
  EXPECT_NEAR(all / none, 0.2, 1e-12);
  EXPECT_GT(half, all);
  EXPECT_LT(half, none);
  EXPECT_EQ(bone(Detour{chelated, 97 * kHour, 1e9}), none);
}

TEST(LiveLabel, SplitsARegionByItsCompartments) {
  Amounts a;
  a.live_bq = 600, a.debris_bq = 150, a.free_bq = 10;
  const Deposits d{100, 20, 10, 30, 80};
  EXPECT_NEAR(live_label({false, {"spleen"}, 1}, 100, a, d, {}, mean_debris(a)), 80, 1e-12);
  EXPECT_NEAR(live_label({false, {"liver"}, 1}, 120, a, d, {}, mean_debris(a)), 80, 1e-12);
  EXPECT_NEAR(live_label({false, {"bone", "marrow"}, 0.07}, 12, a, d, {}, mean_debris(a)), 4,
              1e-12);
  EXPECT_EQ(live_label({false, {"bone"}, 1}, 90, a, d, {}, mean_debris(a)), 0);
  EXPECT_EQ(live_label({false, {"bladder"}, 1}, 90, a, d, {}, mean_debris(a)), 0);
  EXPECT_NEAR(live_label({true, {}, 1}, 920, a, d, {}, mean_debris(a)), 600, 1e-12);
  EXPECT_EQ(live_label({false, {"spleen"}, 1}, -5, a, d, {}, mean_debris(a)), 0);
}

RC_GTEST_PROP(LiveLabel, GrowsWithTheLabelAndFallsWithDebris, ()) {
  Amounts a;
  a.live_bq = 1 + *rc::gen::inRange(0, 1000);
  a.debris_bq = *rc::gen::inRange(0, 1000);
  const Deposits d{50, 20, 10, 30, 80};
  const RegionKind region{*rc::gen::arbitrary<bool>(),
                          {*rc::gen::element<std::string>("bone", "liver", "spleen", "blood")},
                          1};
  const double label = *rc::gen::inRange(0, 2000), more = label + *rc::gen::inRange(0, 100);
  const double live = live_label(region, label, a, d, {}, mean_debris(a));
  RC_ASSERT(live >= 0 && live <= label);
  RC_ASSERT(live_label(region, more, a, d, {}, mean_debris(a)) >= live);
  RC_ASSERT(live_label(region, label, a, d, {2.0, 1.0}, mean_debris(a)) <= live);
  RC_ASSERT(live_label(region, label, a, d, {1.0, 2.0}, mean_debris(a)) <= live);
}

}  // namespace
