#include "sojourn/fate/body_model.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/fate/body_course.h"
#include "sojourn/numerics/linear_system.h"

namespace {

using namespace sojourn::fate;

constexpr double kHour = 3600;

/// Rates in 1/h, some of them equal or nearly so: the formulas have removable poles there.
double any_rate() {
  const double grid = *rc::gen::inRange(0, 11) / 10.0;
  const double off = *rc::gen::element(0.0, 0.0, 1e-12, 1e-7, 1e-3, 0.04);
  return (grid + off) / kHour;
}

double any_part() { return *rc::gen::inRange(0, 11) / 10.0; }

/// Traffic from a stay of half a minute to one of weeks.
double any_exchange() {
  return *rc::gen::element(0.003, 0.05, 0.05, 0.4, 1.0, 7.0, 40.0, 120.0) / kHour;
}

std::vector<double> any_shares(std::size_t n) {
  std::vector<double> shares(n);
  double sum = 0;
  for (auto& s : shares) sum += s = 1 + *rc::gen::inRange(0, 10);
  for (auto& s : shares) s /= sum;
  return shares;
}

BodyModel any_body() {
  BodyModel m;
  const auto sites = static_cast<std::size_t>(*rc::gen::inRange(1, 13));
  const double division = any_rate();
  const bool one = *rc::gen::arbitrary<bool>();
  for (std::size_t i = 0; i < sites; ++i)
    m.sites.push_back({i == 0 ? "blood" : "site" + std::to_string(i), any_exchange(),
                       any_exchange(), one ? division : any_rate(), any_rate(), any_part()});
  m.efflux_per_s = any_rate();
  m.phagocytosed_fraction = any_part();
  m.debris_release_per_s = any_rate();
  m.free_clearance_per_s = any_rate();
  m.debris_shares = any_shares(sites);
  const auto usual = any_shares(4), chelated = any_shares(4);
  const double gut = any_rate(), bladder = any_rate();
  for (std::size_t k = 0; k < 4; ++k)
    m.sinks.push_back(
        {"sink" + std::to_string(k), usual[k], chelated[k], k == 2 ? gut : (k == 3 ? bladder : 0)});
  return m;
}

BodyState any_state(const BodyModel& m) {
  const auto amount = [] { return *rc::gen::inRange(0, 10001) / 10.0; };
  BodyState s = empty_state(m);
  for (std::size_t i = 0; i < m.sites.size(); ++i)
    s.cells[i] = 1 + amount(), s.live[i] = amount(), s.debris[i] = amount();
  s.free = amount();
  for (auto& held : s.held) held = amount();
  s.excreted = amount();
  return s;
}

/// The greatest departure from the matrix exponential of the whole system, over the whole label
/// (cells: over all cells).
double departure(const BodyModel& m, const BodyState& start, const BodyState& found,
                 const BodyState& expected) {
  const auto a = to_vector(found), b = to_vector(expected);
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double whole = i < m.sites.size() ? 1 + expected.total_cells() : 1 + start.total_label();
    worst = std::max(worst, std::abs(a[i] - b[i]) / whole);
  }
  return worst;
}

RC_GTEST_PROP(BodyModes, EqualTheMatrixExponentialOfTheFullSystem, ()) {
  const BodyModel m = any_body();
  const BodyState start = any_state(m);
  const double t = *rc::gen::inRange(0, 400) * 0.25 * kHour;
  double fastest = 0;
  for (const auto& s : m.sites) fastest = std::max(fastest, s.division_per_s - s.death_per_s);
  RC_PRE(fastest * t < 20);
  const bool chelated = *rc::gen::arbitrary<bool>();
  const auto found = BodyModes(m).at(start, t, chelated);
  const auto expected =
      to_state(m, sojourn::numerics::propagate(system_matrix(m, chelated), to_vector(start), t));
  // absolute error against the whole: traffic of 120 1/h over 100 h takes some 1e4 roundings of
  // 1e-16 in either method, and squaring the exponential doubles its error each time
  RC_ASSERT(departure(m, start, found, expected) < 1e-9);
}

RC_GTEST_PROP(BodyModes, ConserveLabelAndStayPositive, ()) {
  const BodyModel m = any_body();
  const BodyModes modes(m);
  const BodyState first = any_state(m), second = any_state(m);
  const std::vector<double> times{0, 1 * kHour, 5 * kHour, 30 * kHour, 1000 * kHour};
  const auto states = body_course(modes, {{0, first}, {5 * kHour, second}},
                                  Chelation{2 * kHour, 50 * kHour}, times);
  RC_ASSERT(states.size() == times.size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double given = first.total_label() + (times[k] < 5 * kHour ? 0 : second.total_label());
    // every amount is summed from its own exponentials, none is what the others leave
    RC_ASSERT(std::abs(states[k].total_label() - given) < 1e-10 * (1 + given));
    const auto values = to_vector(states[k]);
    for (std::size_t i = 3 * m.sites.size(); i < values.size(); ++i)
      RC_ASSERT(values[i] >= -1e-12 * (1 + given));
    for (std::size_t i = m.sites.size(); i < 3 * m.sites.size(); ++i) RC_ASSERT(values[i] >= 0);
    // growth of 1 1/h over 1000 h leaves the range of double
    for (std::size_t i = 0; i < m.sites.size() && times[k] < 100 * kHour; ++i)
      RC_ASSERT(values[i] >= 0);
  }
}

RC_GTEST_PROP(BodyModes, TwoStepsAreOne, ()) {
  const BodyModel m = any_body();
  const BodyModes modes(m);
  const BodyState start = any_state(m);
  const double t1 = *rc::gen::inRange(0, 40) * 0.5 * kHour,
               t2 = *rc::gen::inRange(0, 40) * 0.5 * kHour;
  const auto whole = modes.at(start, t1 + t2), halves = modes.at(modes.at(start, t1), t2);
  RC_ASSERT(departure(m, start, halves, whole) < 1e-10);
}

RC_GTEST_PROP(BodyModes, UniformRatesGiveTheClosedFormOfTheWholeBody, ()) {
  BodyModel m = any_body();
  for (auto& s : m.sites)
    s.division_per_s = m.sites.front().division_per_s, s.death_per_s = m.sites.front().death_per_s;
  const BodyState start = any_state(m);
  const double t = *rc::gen::inRange(0, 20) * kHour;
  const auto found = BodyModes(m).at(start, t);
  const auto& s = m.sites.front();
  // cells move but none is lost on the way
  const double live = start.total_live() * std::exp(-(s.death_per_s + m.efflux_per_s) * t);
  const double cells = start.total_cells() * std::exp((s.division_per_s - s.death_per_s) * t);
  RC_ASSERT(std::abs(found.total_live() - live) < 1e-10 * (1 + start.total_live()));
  RC_ASSERT(std::abs(found.total_cells() / cells - 1) < 1e-10);
}

BodyModel two_sites() {
  BodyModel m;
  m.sites = {{"blood", 0, 0, 0, 0, 1}, {"liver", 2 / kHour, 0.1 / kHour, 0, 0, 0}};
  m.debris_shares = {0, 1};
  m.sinks = {{"bone", 0.5, 0.1, 0}, {"bladder", 0.5, 0.9, 1 / kHour}};
  m.efflux_per_s = 0.01 / kHour;
  m.free_clearance_per_s = 0.35 / kHour;
  m.phagocytosed_fraction = 0.7;
  m.debris_release_per_s = 0.006 / kHour;
  return m;
}

TEST(BodyModes, CellsSettleWhereTrafficSaysInTheEnd) {
  BodyModel m = two_sites();
  BodyState start = empty_state(m);
  start.cells[0] = 21;
  const auto end = BodyModes(m).at(start, 1000 * kHour);
  // homing times residence: 2/h * 10 h = 20 in the liver for each one in blood
  EXPECT_NEAR(end.cells[0], 1, 1e-9);
  EXPECT_NEAR(end.cells[1], 20, 1e-9);
}

TEST(BodyModes, ASiteThatBloodNeverReachesEmptiesOnce) {
  BodyModel m = two_sites();
  m.sites.push_back({"peritoneum", 0, 0.01 / kHour, 0, 0, 0});
  m.debris_shares.push_back(0);
  BodyState start = empty_state(m);
  start.cells[2] = 1;
  const auto later = BodyModes(m).at(start, 100 * kHour);
  EXPECT_NEAR(later.cells[2], std::exp(-1), 1e-9);  // 1e-16 /s back to it, over 4e5 s
  EXPECT_NEAR(later.total_cells(), 1, 1e-9);
}

TEST(BodyModes, EqualRatesEverywhereNeedNoCare) {
  BodyModel m = two_sites();
  const double same = 0.05 / kHour;
  m.sites[1].homing_per_s = m.sites[1].leaving_per_s = same;
  m.efflux_per_s = m.debris_release_per_s = m.free_clearance_per_s = m.sinks[1].leaving_per_s =
      same;
  for (auto& s : m.sites) s.death_per_s = s.division_per_s = same;
  BodyState start = empty_state(m);
  start.cells[0] = start.live[0] = 1;
  for (const double hours : {0.0, 0.01, 1.0, 20.0, 500.0}) {
    const auto found = BodyModes(m).at(start, hours * kHour);
    const auto expected = to_state(
        m, sojourn::numerics::propagate(system_matrix(m, false), to_vector(start), hours * kHour));
    EXPECT_LT(departure(m, start, found, expected), 1e-12) << hours;
  }
}

TEST(BodyCourse, ChelationChangesRoutesWhileItLasts) {
  const BodyModel m = two_sites();
  const BodyModes modes(m);
  BodyState start = empty_state(m);
  start.live[0] = 1;
  const std::vector<double> times{96 * kHour};
  const auto bone = [&](const std::optional<Chelation>& c) {
    return body_course(modes, {{0, start}}, c, times).front().held[0];
  };
  const double none = bone(std::nullopt), all = bone(Chelation{0, 1e9}),
               half = bone(Chelation{48 * kHour, 1e9});
  EXPECT_NEAR(all / none, 0.2, 1e-12);  // 0.1 of the free label in place of 0.5
  EXPECT_GT(half, all);
  EXPECT_LT(half, none);
  EXPECT_EQ(bone(Chelation{97 * kHour, 1e9}), none);
}

TEST(BodyCourse, InfusionsSuperpose) {
  const BodyModel m = two_sites();
  const BodyModes modes(m);
  BodyState a = empty_state(m), b = empty_state(m);
  a.live[0] = 1, b.live[1] = 2, b.free = 0.5;
  const std::vector<double> times{1 * kHour, 10 * kHour, 40 * kHour};
  auto both = body_course(modes, {{0, a}, {10 * kHour, b}}, std::nullopt, times);
  const auto first = body_course(modes, {{0, a}}, std::nullopt, times);
  const auto second = body_course(modes, {{10 * kHour, b}}, std::nullopt, times);
  for (std::size_t k = 0; k < times.size(); ++k) {
    BodyState sum = first[k];
    sum += second[k];
    EXPECT_LT(departure(m, sum, both[k], sum), 1e-14);
  }
  EXPECT_EQ(second[0].total_label(), 0);
  EXPECT_NEAR(second[1].live[1], 2, 1e-14);  // the input of that very moment counts
}

TEST(BodyModel, RefusesWhatIsNoBody) {
  const auto refused = [](auto change) {
    BodyModel m = two_sites();
    change(m);
    EXPECT_THROW(BodyModes{m}, sojourn::Error);
  };
  refused([](BodyModel& m) { m.sites.clear(); });
  refused([](BodyModel& m) { m.sites[0].id = "liver"; });
  refused([](BodyModel& m) { m.sites[1].death_per_s = -1; });
  refused([](BodyModel& m) { m.sites[1].homing_per_s = std::nan(""); });
  refused([](BodyModel& m) { m.sinks[0].fraction = 0.6; });
  refused([](BodyModel& m) { m.sinks[0].fraction_chelated = 0.6; });
  refused([](BodyModel& m) { m.debris_shares = {0.5, 0.4}; });
  refused([](BodyModel& m) { m.phagocytosed_fraction = 1.1; });
}

}  // namespace
