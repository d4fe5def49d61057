#include "sojourn/trial/calibration.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/trial/drawn_study.h"

namespace sojourn::trial {
namespace {

const core::Progress kQuiet = [](const std::string&, double) {};

TEST(Scenario, AllShippedOnesAreRead) {
  const auto ids = scenario_ids();
  ASSERT_GE(ids.size(), 6u);
  for (const auto& id : ids) {
    const auto scenario = find_scenario(id);
    EXPECT_EQ(scenario.id, id);
    EXPECT_FALSE(scenario.problem.observations.empty());
    EXPECT_FALSE(scenario.citations.empty());
  }
}

TEST(Scenario, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW((void)find_scenario("zr89-oxine-t-mose"), Error);
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "s.toml";
  std::ofstream(file) << "id = \"x\"\ntitle = \"x\"\nmethod = \"zr89-oxine\"\ncells = \"cd8-t\"\n"
                         "species = \"mouse\"\ninjected = \"-1 MBq\"\n";
  EXPECT_THROW((void)read_scenario(file), Error);
}

TEST(DrawnStudy, NaiveAndMiddleAreWhatPeopleDo) {
  fate::InferenceProblem p;
  p.cells = 1e6, p.viability = 0.5, p.injected = 1e5;
  p.growth = {{24, 2, 0.1}};
  fate::Observation o;
  o.t_s = 24 * 3600, o.value = 1e4;
  p.observations.push_back(o);
  EXPECT_DOUBLE_EQ(naive_cells(p, 0), 5e4);    // a tenth of the label, of the living cells
  EXPECT_NEAR(middle_cells(p, 0), 1e5, 1e-6);  // twice as many after one doubling
}

TEST(DrawnStudy, BreaksChangeTheMeasurementsAlone) {
  const auto scenario = find_scenario("zr89-oxine-t-mouse");
  const auto whole = draw_study(scenario, Break::none, 3);
  const auto low = draw_study(scenario, Break::recovery, 3);
  EXPECT_EQ(whole.cells, low.cells);
  EXPECT_EQ(low.problem.observations[0].value, whole.problem.observations[0].value);
  EXPECT_DOUBLE_EQ(low.problem.observations[1].value, 0.8 * whole.problem.observations[1].value);
}

/// The short form of docs/calibration.md. Twenty-four studies of 35 rows: rows of one study go
/// together, so that 95 % of rows scatters by about 2.5 %; 85 % is four of these below.
TEST(Calibration, IntervalsHoldTheTruthAndBeatTheNaiveCount) {
  CalibrationOptions options;
  options.studies = 24;
  const auto r = calibrate(find_scenario("zr89-oxine-t-mouse"), options, kQuiet);
  EXPECT_LE(r.failed, 1u);
  EXPECT_GE(r.all_rows_95, 0.85);
  EXPECT_GE(r.all_rows_50, 0.3);
  EXPECT_LE(r.all_rows_50, 0.7);
  EXPECT_LT(r.median_log_error, 0.5 * r.naive_median_log_error);
  EXPECT_LT(r.median_log_error, r.middle_median_log_error);
}

TEST(Calibration, HoldsForAProbeToo) {
  CalibrationOptions options;
  options.studies = 40;
  const auto r = calibrate(find_scenario("cd8-minibody-man"), options, kQuiet);
  EXPECT_LE(r.failed, 2u);
  EXPECT_GE(r.all_rows_95, 0.85);
  EXPECT_LE(r.median_log_error, 1.02 * r.middle_median_log_error);
}

TEST(Calibration, RefusesTooFewStudies) {
  CalibrationOptions options;
  options.studies = 5;
  EXPECT_THROW((void)calibrate(find_scenario("cd8-minibody-man"), options, kQuiet), Error);
}

}  // namespace
}  // namespace sojourn::trial
