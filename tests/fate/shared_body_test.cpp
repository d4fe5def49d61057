#include "sojourn/fate/shared_body.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/random.h"
#include "sojourn/fate/broken_body.h"

namespace sojourn::fate {
namespace {

constexpr double kHour_s = 3600;

/// A body with all its numbers moved.
Body moved_body(core::Random& random) {
  BodySetting setting;
  setting.tumours = 1;
  Body body = make_body(catalogue::method("zr89-oxine"), catalogue::cell("cd8-t"), setting);
  for (auto& site : body.model.sites) {
    site.homing_per_s *= std::exp(random.normal());
    site.leaving_per_s *= std::exp(random.normal());
    site.division_per_s = 2e-6, site.death_per_s = 3e-6;
  }
  body.model.debris_release_per_s *= std::exp(random.normal());
  return body;
}

RC_GTEST_PROP(SharedBody, FollowsTheBodyOfModes, (std::uint64_t seed)) {
  core::Random random(seed);
  const Body body = moved_body(random);
  const double start_s = random.uniform() * 48 * kHour_s;
  const std::optional<Chelation> chelation =
      random.uniform() < 0.3
          ? std::nullopt
          : std::optional(Chelation{start_s, random.uniform() < 0.3
                                                 ? std::numeric_limits<double>::infinity()
                                                 : start_s + 24 * kHour_s});
  const BodyDose given{1e6, 0.8, 5, 0.9};
  std::vector<BodyInput> inputs;
  std::vector<SharedDose> doses;
  for (const double at : {0.0, 7 * kHour_s}) {
    inputs.push_back({at, start_of(body, given)});
    doses.push_back({at, 0.8e6, 5 * 0.9 * 0.8, 5 * 0.9 * 0.2, 5 * 0.1});
  }
  const std::vector<double> times{0, kHour_s, 9 * kHour_s, 60 * kHour_s, 200 * kHour_s};
  const auto expected = body_course(BodyModes(body.model), inputs, chelation, times);
  const SharedCourse course(shared_body(body), doses, chelation, times);
  const auto& found = course.moments();
  // rounding of the modes: both solve the same star
  const auto near = [](double a, double b, double scale) {
    return std::abs(a - b) <= 1e-9 * scale;
  };
  for (std::size_t i = 0; i < times.size(); ++i) {
    for (std::size_t s = 0; s < body.entry.size(); ++s) {
      RC_ASSERT(near(found[i].cells[s], expected[i].cells[s], 2e6));
      RC_ASSERT(near(found[i].live[s], expected[i].live[s], 10));
      RC_ASSERT(near(found[i].debris[s], expected[i].debris[s], 10));
    }
    RC_ASSERT(near(found[i].free, expected[i].free, 10));
    for (std::size_t k = 0; k < found[i].held.size(); ++k)
      RC_ASSERT(near(found[i].held[k], expected[i].held[k], 10));
  }
}

/// Two solvers that share nothing but the equations.
TEST(BrokenBody, UnbrokenIsTheSharedBody) {
  core::Random random(5);
  const Body body = moved_body(random);
  const std::vector<SharedDose> doses{{0, 1e6, 3, 1, 0.2}, {5 * kHour_s, 1e6, 3, 1, 0.2}};
  const std::vector<double> times{kHour_s, 30 * kHour_s, 100 * kHour_s};
  const std::optional<Chelation> chelation(Chelation{10 * kHour_s, 40 * kHour_s});
  const SharedCourse expected(shared_body(body), doses, chelation, times);
  const auto found = broken_course(shared_body(body), doses, chelation, times, {});
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto& e = expected.moments()[i];
    for (std::size_t s = 0; s < e.cells.size(); ++s) {
      EXPECT_NEAR(found[i].cells[s], e.cells[s], 1e-9 * 2e6);
      EXPECT_NEAR(found[i].live[s], e.live[s], 1e-9 * 8);
      EXPECT_NEAR(found[i].debris[s], e.debris[s], 1e-9 * 8);
    }
    for (std::size_t k = 0; k < e.held.size(); ++k) EXPECT_NEAR(found[i].held[k], e.held[k], 1e-8);
    EXPECT_NEAR(found[i].free, e.free, 1e-8);
  }
}

/// Breaks move label and cells about; they make and lose none.
TEST(BrokenBody, BreaksKeepCellsAndLabel) {
  core::Random random(6);
  const Body body = moved_body(random);
  SharedBody b = shared_body(body);
  for (auto& leaving : b.sink_leaving_per_s) leaving = 0;  // nothing is excreted
  const std::vector<SharedDose> doses{{0, 1e6, 3, 1, 0.2}};
  const std::vector<double> times{30 * kHour_s};
  const auto sums = [&](const BodyBreak& broken) {
    const auto m = broken_course(b, doses, std::nullopt, times, broken).front();
    double cells = 0, label = m.free;
    for (std::size_t s = 0; s < m.cells.size(); ++s)
      cells += m.cells[s], label += m.live[s] + m.debris[s];
    for (const double held : m.held) label += held;
    return std::pair(cells, label);
  };
  const auto [cells, label] = sums({});
  EXPECT_NEAR(label, 4.2, 1e-9);
  const auto [cells_gamma, label_gamma] = sums({3, 0});
  EXPECT_NEAR(cells_gamma, cells, 1e-9 * cells);
  EXPECT_NEAR(label_gamma, 4.2, 1e-9);
  EXPECT_NEAR(sums({1, 24 * kHour_s}).second, 4.2, 1e-9);
}

TEST(SharedBody, RefusesSitesThatDiffer) {
  core::Random random(1);
  Body body = moved_body(random);
  body.model.sites.back().death_per_s *= 2;
  EXPECT_THROW((void)shared_body(body), Error);
}

}  // namespace
}  // namespace sojourn::fate
