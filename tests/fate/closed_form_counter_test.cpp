#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/draws.h"
#include "sojourn/fate/given.h"
#include "sojourn/nuclide/decay.h"

namespace {

using namespace sojourn::fate;
using sojourn::Error;
using sojourn::records::Measurement;
using sojourn::records::Study;
using sojourn::records::Uncertain;

constexpr double kHour = 3600, kZr89 = 282276, kInjected = 250e3, kCount = 7e6, kViability = 0.93;

Study study() {
  Study s;
  s.subject.id = "m07";
  s.infusions.push_back({.cells = "cd8-t",
                         .count = kCount,
                         .viability = kViability,
                         .viability_at_utc_s = {},
                         .infused_at_utc_s = 1e9});
  sojourn::records::Administration label;
  label.id = "label";
  label.method = "zr89-oxine";
  label.cell_bound_fraction = 0.97;
  s.administrations.push_back(label);
  return s;
}

Measurement region(const std::string& name, std::vector<std::string> roles, double hours,
                   double label_bq) {
  Measurement m;
  m.scan = 1 + static_cast<int>(hours / 24);
  m.frame = 1;
  m.hours = hours;
  m.tracer = "label";
  m.region = name;
  m.roles = std::move(roles);
  m.activity_dc_bq = label_bq;
  m.activity_bq = label_bq * sojourn::nuclide::decay_factor(hours * kHour, kZr89);
  return m;
}

CountResult count(const Study& s, const std::vector<Measurement>& rows, std::uint64_t seed = 1) {
  CountRequest request;
  request.study = &s;
  request.measurements = &rows;
  request.half_life_s = kZr89;
  request.injected_bq = kInjected;
  request.syringe_bq = kInjected / 0.95;
  request.seed = seed;
  return closed_form_counter()->count(request);
}

/// Nothing happens to the label: every rate is a certain 0.
void freeze(Study& s) {
  s.rates.division = s.rates.death = s.rates.efflux = s.rates.debris_release = Uncertain{0, 0};
}

TEST(ClosedFormCounter, EqualsTheNaiveCountWhereNothingHappens) {
  Study s = study();
  freeze(s);
  s.infusions[0].viability = 1;
  s.administrations[0].cell_bound_fraction = 1;
  const auto result = count(s, {region("spleen", {"spleen"}, 48, 30e3)});
  ASSERT_EQ(result.rows.size(), 1u);
  const auto& row = result.rows[0];
  const double expected = 30e3 / kInjected * kCount * 0.95;
  EXPECT_NEAR(row.cells_naive, expected, 1e-6 * expected);
  // viability is cut at 1 and the bound fraction too: their spreads push the median by a few per
  // cent
  EXPECT_NEAR(row.cells / expected, 1, 0.05);
  EXPECT_EQ(row.expansion, 1);
  EXPECT_GT(row.live_label_fraction, 0.9);
}

TEST(ClosedFormCounter, CorrectsForDivisionEffluxAndDebris) {
  Study s = study();
  s.rates.division = Uncertain{0.01 / kHour, 0};
  s.rates.death = Uncertain{0.008 / kHour, 0};
  s.rates.efflux = Uncertain{0.002 / kHour, 0};
  const double t = 72;
  const auto row = count(s, {region("spleen", {"spleen"}, t, 30e3)}).rows.at(0);
  EXPECT_NEAR(row.expansion, std::exp(0.01 * t), 1e-9);
  const double per_cell = 0.97 * kInjected / (kCount * 0.95) * std::exp(-0.012 * t);
  EXPECT_NEAR(
      row.label_per_live_cell_bq / (per_cell * sojourn::nuclide::decay_factor(t * kHour, kZr89)), 1,
      0.02);  // Monte Carlo
  EXPECT_LT(row.live_label_fraction, 0.9);
  EXPECT_NEAR(row.cells, 30e3 * row.live_label_fraction / per_cell, 0.05 * row.cells);
  EXPECT_LT(row.cells_lo95, row.cells);
  EXPECT_GT(row.cells_hi95, row.cells);
  EXPECT_GT(row.cells_lo95, 0);
}

TEST(ClosedFormCounter, IsTheSameForASeedAndAnyNumberOfThreads) {
  const Study s = study();
  const std::vector<Measurement> rows{region("liver", {"liver"}, 24, 90e3),
                                      region("whole_body", {}, 24, 230e3),
                                      region("bone", {"bone", "marrow"}, 24, 20e3)};
  const auto many = count(s, rows);
  sojourn::core::ThreadLimit limit(1);
  const auto one = count(s, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(many.rows[i].cells, one.rows[i].cells);
    EXPECT_EQ(many.rows[i].cells_hi95, one.rows[i].cells_hi95);
  }
  EXPECT_NE(count(s, rows, 2).rows[0].cells, one.rows[0].cells);
}

TEST(ClosedFormCounter, GrowsWithActivityAndWidensWithNoise) {
  const Study s = study();
  std::vector<Measurement> rows{region("liver", {"liver"}, 24, 60e3),
                                region("liver", {"liver"}, 24, 90e3)};
  rows.push_back(rows[1]);
  rows[2].noise_bq = 0.5 * rows[2].activity_bq;
  rows[2].calibration_relative_sd = 0.1;
  const auto r = count(s, rows).rows;
  EXPECT_LT(r[0].cells, r[1].cells);
  EXPECT_GT(r[2].cells_hi95 - r[2].cells_lo95, r[1].cells_hi95 - r[1].cells_lo95);
  EXPECT_GE(r[2].cells_lo95, 0);
}

TEST(ClosedFormCounter, SkipsRegionsWithoutARoleWithOneWarning) {
  const auto result =
      count(study(), {region("thing", {}, 24, 1e3), region("other", {}, 24, 1e3),
                      region("thing", {}, 48, 1e3), region("liver", {"liver"}, 24, 60e3)});
  EXPECT_EQ(result.rows.size(), 1u);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_NE(result.warnings[0].find("other, thing"), std::string::npos);
  EXPECT_FALSE(result.citations.empty());
  EXPECT_FALSE(result.parameters.empty());
  EXPECT_FALSE(result.model.empty());
}

TEST(ClosedFormCounter, TurnsTheLimitIntoCells) {
  auto m = region("node_a", {"lymph-node"}, 24, 3e3);
  m.noise_bq = 0.01 * m.activity_bq;
  m.detection_limit_bq = 0.1 * m.activity_bq;
  auto faint = region("tumour", {"tumour"}, 24, 10);
  faint.detection_limit_bq = 1e3;
  auto empty = region("node", {"lymph-node"}, 24, 0);
  empty.detection_limit_bq = 1e3;
  empty.noise_bq = 100;
  const auto r = count(study(), {m, faint, empty}).rows;
  EXPECT_NEAR(*r[0].detection_limit_cells, *m.detection_limit_bq / r[0].label_per_live_cell_bq,
              1e-6);
  EXPECT_GT(r[0].probability_above_limit.value(), 0.99);
  EXPECT_LT(r[1].probability_above_limit.value(), 0.01);
  EXPECT_EQ(r[2].cells_lo95, 0);
  EXPECT_GT(r[2].cells_hi95, 0);
}

TEST(ClosedFormCounter, BoneHoldsFewerCellsUnlessDeferoxamineWasGiven) {
  Study s = study();
  const std::vector<Measurement> rows{region("skeleton", {"bone", "marrow"}, 96, 40e3)};
  const auto before = count(s, rows).rows[0];
  s.treatments.push_back({"deferoxamine", 1e9, {}});
  const auto after = count(s, rows).rows[0];
  EXPECT_GT(after.cells, before.cells);
  EXPECT_GT(after.live_label_fraction, before.live_label_fraction);
}

TEST(ClosedFormCounter, CountsWhileTheInfusionStillRuns) {
  Study s = study();
  s.infusions[0].duration_s = 600;
  const auto row = count(s, {region("lung", {"lung"}, 0.05, 100e3)}).rows.at(0);
  EXPECT_NEAR(row.cells / row.cells_naive, 1,
              0.15);  // dead cells' and unbound label are not yet elsewhere
}

TEST(ClosedFormCounter, SuperposesSeveralInfusions) {
  Study s = study();
  freeze(s);
  s.rates.division = Uncertain{0.01 / kHour, 0};
  s.infusions.push_back(s.infusions[0]);
  s.infusions[1].infused_at_utc_s += 48 * kHour;
  const auto result = count(s, {region("spleen", {"spleen"}, 72, 30e3)});
  EXPECT_NEAR(result.rows.at(0).expansion, 0.5 * (std::exp(0.72) + std::exp(0.24)), 1e-9);
  EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(ClosedFormCounter, IgnoresOtherTracersAndWarnsOfScansBeforeTheInfusion) {
  auto other = region("liver", {"liver"}, 24, 60e3);
  other.tracer = "t1";
  auto early = region("liver", {"liver"}, 24, 60e3);
  early.hours = -1;
  const auto result = count(study(), {other, early});
  EXPECT_TRUE(result.rows.empty());
  EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(ClosedFormCounter, RefusesStudiesItCannotCount) {
  Study s = study();
  s.administrations[0].method = "f18-fdg";
  EXPECT_THROW((void)count(s, {}), Error);
  s.administrations[0].method = "";
  EXPECT_THROW((void)count(s, {}), Error);
  s = study();
  s.administrations.clear();
  EXPECT_THROW((void)count(s, {}), Error);
  s = study();
  s.infusions[0].count = 0;
  EXPECT_THROW((void)count(s, {}), Error);
  s = study();
  s.infusions.clear();
  EXPECT_THROW((void)count(s, {}), Error);
}

TEST(ClosedFormCounter, WarnsOfALabelThatNoCellCanCarry) {
  Study s = study();
  const std::vector<Measurement> rows{region("spleen", {"spleen"}, 48, 30e3)};
  const auto warned = [&] {
    const auto warnings = count(s, rows).warnings;
    return std::any_of(warnings.begin(), warnings.end(), [](const auto& w) {
      return w.find("for each infused cell") != std::string::npos;
    });
  };
  EXPECT_FALSE(warned());
  s.infusions[0].count = 7.0;  // millions were meant
  EXPECT_TRUE(warned());
}

TEST(ClosedFormCounter, UsesTheStudysAssays) {
  sojourn::test::TemporaryFolder folder;
  std::ofstream(folder.path() / "retention.tsv")
      << "hours\tfraction\tsd\n24\t0.70\t0.01\n48\t0.49\t0.01\n";
  std::ofstream(folder.path() / "growth.tsv") << "hours\tfold\tsd\n24\t1.0\t0.02\n48\t1.0\t0.02\n";
  Study s = study();
  const std::vector<Measurement> rows{region("spleen", {"spleen"}, 48, 30e3)};
  const double before = count(s, rows).rows[0].label_per_live_cell_bq;
  s.assays["retention"] = folder.path() / "retention.tsv";
  s.assays["growth"] = folder.path() / "growth.tsv";  // together: half the label per living cell
  EXPECT_LT(count(s, rows).rows[0].label_per_live_cell_bq, 0.8 * before);
}

TEST(ClosedFormCounter, IntervalsHoldTheTruthOfTheirOwnPrior) {
  // worlds drawn as the model believes; their regions are measured with noise and calibration error
  const Study s = study();
  std::vector<std::string> warnings;
  CountRequest request;
  const std::vector<Measurement> none;
  request.study = &s, request.measurements = &none, request.half_life_s = kZr89;
  request.injected_bq = kInjected, request.syringe_bq = kInjected / 0.95;
  const Knowledge known = knowledge_of(request, warnings);
  const Discrepancy spread;
  int held = 0, all = 0;
  constexpr int kWorlds = 60;
  for (std::uint64_t k = 0; k < kWorlds; ++k) {
    const World world = draw_world(known.belief, known.given, GivenSpread{}, 77, k);
    sojourn::core::Random random(78, k);
    std::vector<Measurement> rows;
    std::vector<double> truth;
    const double calibration = std::exp(log_normal(1, 0.05).ln_sd * random.normal());
    for (const double hours : {24.0, 96.0}) {
      const Moment now = moment_of(world, known.given, hours * kHour);
      for (const char* role : {"spleen", "liver", "bone"}) {
        const double live = now.amounts.live_bq * 0.3;
        const double debris = live * now.amounts.debris_bq / now.amounts.live_bq *
                              std::exp(spread.debris * random.normal());
        const std::string name = role;
        const double stored = name == "liver"  ? now.deposits.liver_bq
                              : name == "bone" ? now.deposits.bone_bq
                                               : 0;
        const double free = stored * std::exp(spread.free * random.normal());
        const double per_cell = now.amounts.live_bq / now.amounts.cells *
                                std::exp(spread.label_per_cell * random.normal());
        truth.push_back(live / per_cell);
        auto m = region(name, {name}, hours, (live + debris + free) * calibration);
        m.noise_bq = 0.05 * m.activity_bq;
        m.activity_bq += m.noise_bq * random.normal();
        m.calibration_relative_sd = 0.05;
        rows.push_back(m);
      }
    }
    const auto result = count(s, rows, 1000 + k).rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ++all;
      held += result[i].cells_lo95 <= truth[i] && truth[i] <= result[i].cells_hi95;
    }
  }
  EXPECT_EQ(all, kWorlds * 6);
  EXPECT_GE(held, 0.90 * all) << held << " of " << all;
  RecordProperty("held_percent", 100 * held / all);
}

}  // namespace
