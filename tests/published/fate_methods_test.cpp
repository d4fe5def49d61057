// Every row of the catalogue through the body model, in every species: a course, or the reason why
// there is none.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "shared/message_of.h"
#include "sojourn/catalogue/catalogue.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/fate/usual_activity.h"
#include "sojourn/fate/varying_rates.h"
#include "sojourn/records/species.h"

namespace {

using namespace sojourn;
using namespace sojourn::fate;

constexpr double kHour = 3600, kDay = 24 * kHour;

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

SignalSetting usual(const std::string& species) {
  SignalSetting setting;
  const auto subject = subject_defaults(species);
  setting.species = species;
  setting.body_mass_g = subject.body_mass_g;
  setting.blood_fraction = subject.blood_fraction;
  return setting;
}

/// A course of four days: cells, label and signals are finite and add up.
void follow(const catalogue::Method& method, const catalogue::Cell& cell,
            const std::string& species) {
  SCOPED_TRACE(method.id + " on " + cell.id + " in a " + species);
  BodySetting setting;
  setting.species = species;
  const auto body = make_body(method, cell, setting);
  const auto start = start_of(body, {1e6, 0.9, 1, 0.95});
  const auto now = BodyModes(body.model).at(start, 4 * kDay);
  const auto signal = cell_signal_of(method, cell, usual(species));
  EXPECT_EQ(signal.carried, body.carries_label);
  EXPECT_GT(signal.per_cell, 0);
  const auto sites = site_signal(signal, body.model, start, now, 4 * kDay);
  EXPECT_TRUE(std::isfinite(sum(sites)));
  EXPECT_GE(*std::min_element(sites.begin(), sites.end()), 0);
  EXPECT_GT(now.total_cells(), 0);
  if (!signal.carried) {
    EXPECT_EQ(now.total_label(), 0);
    EXPECT_NEAR(sum(sites), signal.per_cell * now.total_cells(), 1e-9 * sum(sites));
    return;
  }
  EXPECT_NEAR(now.total_label(), 1, 1e-10);
  EXPECT_GT(signal_per_cell(signal, start, now, 4 * kDay), 0);
  EXPECT_LT(signal_per_cell(signal, start, now, 4 * kDay), signal.per_cell);
}

/// The cells that a row names, else some that bear its target.
std::vector<std::string> cells_of(const catalogue::Method& method) {
  if (!method.cells.empty()) return method.cells;
  std::vector<std::string> all;
  for (const auto& id : catalogue::cell_ids()) {
    const auto* marker = catalogue::cell(id).marker(method.target);
    if (method.get<catalogue::Probe>() == nullptr || (marker && marker->copies.value > 0))
      all.push_back(id);
  }
  if (all.size() > 3) all.resize(3);
  return all;
}

std::string reason_for_none(const catalogue::Method& method, const catalogue::Cell& cell,
                            const std::string& species) {
  return test::message_of([&] {
    BodySetting setting;
    setting.species = species;
    (void)make_body(method, cell, setting);
    (void)cell_signal_of(method, cell, usual(species));
  });
}

TEST(FateMethods, EachGivesACourseOrItsReason) {
  int courses = 0, without_activity = 0, refused = 0;
  for (const auto& id : catalogue::method_ids()) {
    const auto& method = catalogue::method(id);
    for (const auto& species : records::known_species()) {
      for (const auto& cell_id : cells_of(method)) {
        const auto& cell = catalogue::cell(cell_id);
        const auto why = reason_for_none(method, cell, species);
        if (why.empty()) {
          follow(method, cell, species);
          ++courses;
          continue;
        }
        // refused: a note with its reason, a tracer of metabolism, no target on these cells, or an
        // activity that nobody has given to this species
        const bool tracer = method.get<catalogue::ReporterGene>() != nullptr ||
                            method.get<catalogue::Probe>() != nullptr;
        if (method.kind != "method")
          EXPECT_NE(why.find(method.reason), std::string::npos) << id << ": " << why;
        else if (method.get<catalogue::MetabolicTracer>() != nullptr)
          EXPECT_NE(why.find("metabolism"), std::string::npos) << id << ": " << why;
        else if (tracer && !usual_activity(method, species, usual(species).body_mass_g))
          ++without_activity;
        else if (method.get<catalogue::Probe>() != nullptr)
          EXPECT_NE(why.find("do not bear"), std::string::npos) << id << ": " << why;
        else
          EXPECT_NE(why.find("photons"), std::string::npos) << id << ": " << why;
        ++refused;
      }
    }
  }
  EXPECT_GT(courses, 300);
  EXPECT_LT(without_activity, refused);
}

TEST(FateMethods, EveryExVivoLabelOnEveryKindOfCellsInEverySpecies) {
  int courses = 0;
  for (const auto& id : catalogue::method_ids()) {
    const auto& method = catalogue::method(id);
    if (method.kind != "method" || method.get<catalogue::ExVivoLabel>() == nullptr) continue;
    for (const auto& cell : catalogue::cell_ids())
      for (const auto& species : records::known_species()) {
        follow(method, catalogue::cell(cell), species);
        ++courses;
      }
  }
  EXPECT_GE(courses, 1000);
}

TEST(FateBodyPublished, ActivityPerCellFallsInExpansionAndIsReleasedInContraction) {
  // The proliferation and contraction curves of the review's figures 2b and 3b, stated without
  // numbers: activity per cell falls with division and not with death; in contraction label leaves
  // the living cells. Course of De Boer et al., J Virol 2001;75:10663: division until day 8 at
  // 1.9 /d, death of effector cells of 0.4 /d after it.
  const auto& cell = catalogue::cell("cd8-t");
  auto body = make_body(catalogue::method("zr89-oxine"), cell, {});
  Expansion e;
  e.lag_s = 1 * kDay, e.division_per_s = 1.9 / kDay, e.peak_s = 8 * kDay;
  e.extra_death_per_s = 0.4 / kDay;
  const ExpandingBody grown{body.model, e, std::vector<double>(body.model.sites.size(), 1.0)};
  const auto states =
      expanding_course(grown, grown.start(start_of(body, {})), {1 * kDay, 8 * kDay, 14 * kDay});
  std::vector<double> per_cell, live, other;
  for (const auto& y : states) {
    const auto s = grown.together(y);
    per_cell.push_back(s.total_live() / s.total_cells());
    live.push_back(s.total_live());
    other.push_back(s.total_label() - s.total_live());
    EXPECT_NEAR(s.total_label(), 1, 1e-9);
  }
  const double efflux = std::exp(-body.model.efflux_per_s * 7 * kDay);
  EXPECT_NEAR(per_cell[1] / per_cell[0], std::exp(-1.9 * 7) * efflux,
              0.02 * per_cell[1] / per_cell[0]);
  // contraction of 6 d: resting division and efflux alone lower the activity of a cell
  const double resting = body.model.sites[0].division_per_s + body.model.efflux_per_s;
  EXPECT_NEAR(per_cell[2] / per_cell[1], std::exp(-resting * 6 * kDay), 1e-6);
  const double death = body.model.sites[0].death_per_s + body.model.efflux_per_s;
  EXPECT_NEAR(live[2] / live[1], std::exp(-0.4 * 6 - death * 6 * kDay), 1e-6);
  EXPECT_GT(other[2], other[1] + 0.9 * (live[1] - live[2]));  // it is elsewhere, not gone
}

}  // namespace
