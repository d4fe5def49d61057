#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/nuclide/decay.h"

namespace {

using namespace sojourn::fate;
using sojourn::Error;
using sojourn::records::Measurement;
using sojourn::records::Study;

constexpr double kHour = 3600, kZr89 = 282276, kInjected = 250e3;

Study study() {
  Study s;
  s.subject.id = "m07";
  s.subject.species = "mouse";
  s.infusions.push_back({.cells = "cd8-t",
                         .count = 7e6,
                         .viability = 0.93,
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
                   double share, double volume_ml = 0.5) {
  Measurement m;
  m.scan = 1 + static_cast<int>(hours / 24);
  m.frame = 1;
  m.hours = hours;
  m.tracer = "label";
  m.region = name;
  m.roles = std::move(roles);
  m.volume_ml = volume_ml;
  m.activity_dc_bq = share * kInjected;
  m.activity_bq = m.activity_dc_bq * sojourn::nuclide::decay_factor(hours * kHour, kZr89);
  m.noise_bq = 0.01 * m.activity_bq + 20;
  m.calibration_relative_sd = 0.05;
  m.recovery_relative_sd = 0.05;
  return m;
}

/// About what the body of these cells shows.
std::vector<Measurement> usual() {
  std::vector<Measurement> rows;
  for (const double hours : {4.0, 48.0}) {
    const bool late = hours > 24;
    rows.push_back(region("whole_body", {}, hours, late ? 0.9 : 0.99));
    rows.push_back(region("liver", {"liver"}, hours, late ? 0.4 : 0.25));
    rows.push_back(region("spleen", {"spleen"}, hours, late ? 0.2 : 0.13));
    rows.push_back(region("lungs", {"lung"}, hours, late ? 0.04 : 0.35));
    rows.push_back(region("skeleton", {"bone", "marrow"}, hours, late ? 0.14 : 0.06));
  }
  return rows;
}

CountRequest label_request(const Study& s, const std::vector<Measurement>& rows) {
  CountRequest request;
  request.study = &s;
  request.measurements = &rows;
  request.half_life_s = kZr89;
  request.injected_bq = kInjected;
  request.syringe_bq = kInjected;
  return request;
}

TEST(PosteriorCounter, AnswersWithIntervalsAndSaysWhatItLearnt) {
  const Study s = study();
  const auto rows = usual();
  const auto result = posterior_counter()->count(label_request(s, rows));
  ASSERT_TRUE(result.posterior.has_value());
  ASSERT_TRUE(result.posterior->converged) << result.posterior->message;
  EXPECT_GE(result.posterior->lowest_effective, 400);
  EXPECT_LE(result.posterior->highest_r_hat, 1.01);
  ASSERT_EQ(result.rows.size(), rows.size());
  for (const auto& row : result.rows) {
    EXPECT_LT(row.cells_lo95, row.cells);
    EXPECT_LT(row.cells, row.cells_hi95);
    EXPECT_LE(row.live_label_fraction, 1);
  }
  // free label sits in bone: fewer living cells there than the naive count says
  EXPECT_LT(result.rows.back().cells, result.rows.back().cells_naive);
  EXPECT_LT(result.rows.back().live_label_fraction, result.rows[7].live_label_fraction);
  EXPECT_FALSE(result.posterior->bone_free.empty());
  const auto learnt = [&](const std::string& name) {
    for (const auto& p : result.posterior->parameters)
      if (p.name == name) return !p.as_prior;
    return false;
  };
  EXPECT_TRUE(learnt("residence_lung_s"));  // they left the lungs between the scans
  EXPECT_FALSE(learnt("division_per_s"));   // nothing in the label's total shows it
}

TEST(PosteriorCounter, SameOnOneThread) {
  const Study s = study();
  const auto rows = usual();
  const auto two = posterior_counter()->count(label_request(s, rows));
  const sojourn::core::ThreadLimit limit(1);
  const auto one = posterior_counter()->count(label_request(s, rows));
  ASSERT_EQ(one.rows.size(), two.rows.size());
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_EQ(one.rows[i].cells, two.rows[i].cells);
    EXPECT_EQ(one.rows[i].cells_hi95, two.rows[i].cells_hi95);
  }
}

TEST(PosteriorCounter, FlagsWhatNoBodyShows) {
  const Study s = study();
  auto rows = usual();
  for (auto& m : rows)  // more than all the rest together, and then hardly anything
    if (m.region == "spleen") m.activity_bq *= m.hours > 24 ? 0.01 : 6;
  const auto result = posterior_counter()->count(label_request(s, rows));
  ASSERT_TRUE(result.posterior.has_value());
  EXPECT_LT(result.posterior->predictive_p, 0.05);
}

TEST(PosteriorCounter, OneTimePointSaysSo) {
  const Study s = study();
  std::vector<Measurement> rows = usual();
  rows.resize(5);
  const auto result = posterior_counter()->count(label_request(s, rows));
  EXPECT_TRUE(std::any_of(result.warnings.begin(), result.warnings.end(), [](const auto& w) {
    return w.find("one time point") != std::string::npos;
  }));
}

TEST(PosteriorCounter, RefusesMeasurementsThatAreNoNumbers) {
  const Study s = study();
  auto rows = usual();
  rows[1].activity_bq = std::nan("");
  EXPECT_THROW((void)posterior_counter()->count(label_request(s, rows)), Error);
}

/// An image without anything in a region says nothing of it, and the count says so.
TEST(PosteriorCounter, EmptyRegionsAreNotCounted) {
  const Study s = study();
  auto rows = usual();
  rows[2].activity_bq = rows[2].noise_bq = 0;
  const auto result = posterior_counter()->count(label_request(s, rows));
  EXPECT_TRUE(std::any_of(result.warnings.begin(), result.warnings.end(), [](const auto& w) {
    return w.find("exactly 0 Bq") != std::string::npos && w.find("spleen") != std::string::npos;
  }));
}

/// Cells counted ex vivo in the spleen pull its posterior to themselves.
TEST(PosteriorCounter, CountsOfCellsEnterTheFit) {
  Study s = study();
  const auto rows = usual();
  const auto without = posterior_counter()->count(label_request(s, rows));
  const sojourn::test::TemporaryFolder folder;
  const auto file = folder.path() / "counts.tsv";
  std::ofstream(file) << "hours\tregion\tcells\tsd\n48\tspleen\t300000\t15000\n";
  s.assays["counts"] = file;
  const auto with = posterior_counter()->count(label_request(s, rows));
  EXPECT_LT(with.rows[7].cells, 0.8 * without.rows[7].cells);
}

/// Two kidneys, each said to be the whole compartment: they share it.
TEST(PosteriorCounter, RegionsShareACompartment) {
  const Study s = study();
  auto rows = usual();
  for (const double hours : {4.0, 48.0})
    for (const char* side : {"kidney_left", "kidney_right"})
      rows.push_back(region(side, {"kidney"}, hours, 0.01, 0.15));
  const auto result = posterior_counter()->count(label_request(s, rows));
  ASSERT_TRUE(result.posterior->converged) << result.posterior->message;
  EXPECT_GT(result.posterior->predictive_p, 0.05);
}

Measurement by_tracer(const std::string& name, const std::string& role, double hours, double bq) {
  Measurement m = region(name, {role}, hours, 0);
  m.tracer = "t1";
  m.activity_bq = bq;
  m.noise_bq = 0.02 * bq;
  return m;
}

/// A reporter gene alone: no label, the tracer shows the living cells.
TEST(PosteriorCounter, CountsByAReporterGene) {
  Study s = study();
  s.administrations[0] = {};
  s.administrations[0].id = "t1";
  s.administrations[0].method = "nis-18f-tfb";
  std::vector<Measurement> rows;
  for (const double hours : {24.0, 96.0})
    for (const char* organ : {"liver", "spleen", "lung"})
      rows.push_back(by_tracer(organ, organ, hours, 1e5));
  CountRequest request;
  request.study = &s;
  request.measurements = &rows;
  request.tracers.push_back({"t1", "nis-18f-tfb", 5e6, 6586.2, 23 * kHour});
  request.body_mass_g = 22;
  const auto result = posterior_counter()->count(request);
  ASSERT_TRUE(result.posterior->converged) << result.posterior->message;
  ASSERT_EQ(result.rows.size(), rows.size());
  for (const auto& row : result.rows) EXPECT_LT(row.cells, 1e9);
}

/// A probe without infusion shows whoever bears its target: more signal, more cells.
TEST(PosteriorCounter, CountsTargetsOfAProbe) {
  Study s = study();
  s.subject.species = "human";
  s.infusions.clear();
  s.administrations[0] = {};
  s.administrations[0].id = "t1";
  s.administrations[0].method = "cd8-89zr-iab22m2c";
  std::vector<Measurement> rows;
  for (const double hours : {24.0, 48.0}) {
    rows.push_back(by_tracer("spleen", "spleen", hours, 2e6));
    rows.push_back(by_tracer("tumour", "tumour", hours, 2e5));
  }
  rows[0].volume_ml = rows[2].volume_ml = 180, rows[1].volume_ml = rows[3].volume_ml = 20;
  CountRequest request;
  request.study = &s;
  request.measurements = &rows;
  request.tracers.push_back({"t1", "cd8-89zr-iab22m2c", 111e6, kZr89, 0});
  request.body_mass_g = 75e3;
  const auto result = posterior_counter()->count(request);
  ASSERT_TRUE(result.posterior->converged) << result.posterior->message;
  ASSERT_EQ(result.rows.size(), 4u);
  EXPECT_GT(result.rows[0].cells, result.rows[1].cells);
  EXPECT_GT(result.rows[0].cells, 1e6);
}

}  // namespace
