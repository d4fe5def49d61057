#include "sojourn/trial/repeated_study.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <system_error>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/core/tsv.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/study/track.h"
#include "sojourn/trial/virtual_study.h"

namespace sojourn::trial {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kMostStudies = 1000;

using Place = std::pair<int, std::string>;

std::map<Place, double> true_cells(const fs::path& file) {
  const auto table = core::Tsv::parse(core::read_file(file), file.filename().string());
  std::map<Place, double> cells;
  for (std::size_t r = 0; r < table.rows(); ++r)
    cells[{static_cast<int>(table.number(r, "scan").value_or(0)), table.at(r, "region")}] =
        table.number(r, "live_cells").value_or(0);
  return cells;
}

void one_study(const TrialPlan& plan, std::uint64_t seed, bool empty, const fs::path& work,
               std::vector<TrialRow>& rows) {
  VirtualStudyOptions options;
  options.seed = seed;
  options.empty_tumours = empty;
  const auto quiet = [](const std::string&, double) {};
  const auto made = write_virtual_study(plan.study, work / "study", options, quiet);
  study::TrackOptions track;
  track.seed = seed;
  track.fresh = true;
  const auto result = study::track(made.study, work / "results", track, quiet);
  const auto truth = true_cells(made.study.parent_path() / "truth.tsv");
  for (const auto& e : result.cells) {
    const auto found = truth.find({e.scan, e.region});
    if (found == truth.end()) continue;
    rows.push_back(
        {seed, empty, e.scan, e.region, found->second, e.cells, e.cells_lo95, e.cells_hi95});
  }
}

TrialSummary summary_of(const Place& place, const std::vector<const TrialRow*>& rows) {
  TrialSummary s;
  s.scan = place.first;
  s.region = place.second;
  std::vector<double> ratios, with, without;
  double held = 0;
  for (const auto* row : rows) {
    (row->empty ? without : with).push_back(row->cells);
    if (row->empty) continue;
    ++s.studies;
    held += row->lo95 <= row->truth && row->truth <= row->hi95 ? 1 : 0;
    if (row->truth >= 1 && row->cells > 0) ratios.push_back(std::log(row->cells / row->truth));
  }
  s.coverage_95 = held / static_cast<double>(s.studies);
  if (!ratios.empty()) s.median_ln_ratio = numerics::quantile(ratios, 0.5);
  if (ratios.size() > 1) {
    double sum = 0, squares = 0;
    for (const double x : ratios) sum += x, squares += x * x;
    const auto n = static_cast<double>(ratios.size());
    s.spread_ln_ratio = std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)));
  }
  // Only regions that differ between the arms: with every other one the area says nothing.
  const bool emptied = std::any_of(rows.begin(), rows.end(),
                                   [](const auto* r) { return r->empty && r->truth == 0; }) &&
                       std::any_of(rows.begin(), rows.end(),
                                   [](const auto* r) { return !r->empty && r->truth > 0; });
  if (emptied) s.detection_auc = area_under_roc(with, without);
  return s;
}

void write_rows(const fs::path& file, const std::vector<TrialRow>& rows) {
  core::Tsv table({"seed", "empty_tumours", "scan", "region", "live_cells", "cells", "cells_lo95",
                   "cells_hi95"});
  const auto number = [](double x) { return core::format_number(x); };
  for (const auto& r : rows)
    table.add({std::to_string(r.seed), r.empty ? "1" : "0", std::to_string(r.scan), r.region,
               number(r.truth), number(r.cells), number(r.lo95), number(r.hi95)});
  core::write_file(file, table.to_text());
}

}  // namespace

TrialPlan read_trial(const fs::path& file) {
  const std::string name = file.filename().string();
  const auto tree = core::parse_toml(core::read_file(file, 1 << 20), name);
  core::TableReader in(tree, name);
  TrialPlan plan;
  plan.study = file.parent_path() / in.need(in.text("study"), "study");
  const auto studies = in.integer("studies").value_or(10), seed = in.integer("seed").value_or(1);
  if (studies < 1 || studies > kMostStudies) in.fail("studies", "must lie between 1 and 1000");
  if (seed < 0) in.fail("seed", "may not be negative");
  plan.studies = static_cast<std::size_t>(studies);
  plan.seed = static_cast<std::uint64_t>(seed);
  plan.empty_tumours = in.boolean("empty_tumours").value_or(false);
  in.finish();
  return plan;
}

double area_under_roc(const std::vector<double>& with, const std::vector<double>& without) {
  SOJOURN_EXPECT(!with.empty() && !without.empty());
  double wins = 0;
  for (const double a : with)
    for (const double b : without) wins += a > b ? 1 : a == b ? 0.5 : 0;
  return wins / (static_cast<double>(with.size()) * static_cast<double>(without.size()));
}

TrialResult repeat_study(const TrialPlan& plan, const fs::path& out,
                         const core::Progress& progress) {
  TrialResult result;
  std::error_code ignored;
  const fs::path work = out / fmt::format(".work-{}", ::getpid());
  const std::size_t n = plan.studies * (plan.empty_tumours ? 2 : 1);
  try {
    fs::create_directories(work);
    for (std::size_t k = 0; k < n; ++k) {
      progress(fmt::format("study {} of {}", k + 1, n),
               static_cast<double>(k) / static_cast<double>(n));
      one_study(plan, plan.seed + k, k >= plan.studies, work, result.rows);
      fs::remove_all(work / "results", ignored);
    }
  } catch (...) {
    fs::remove_all(work, ignored);
    throw;
  }
  fs::remove_all(work, ignored);
  std::map<Place, std::vector<const TrialRow*>> places;
  for (const auto& row : result.rows) places[{row.scan, row.region}].push_back(&row);
  for (const auto& [place, rows] : places) result.regions.push_back(summary_of(place, rows));
  write_rows(out / "trial.tsv", result.rows);
  return result;
}

}  // namespace sojourn::trial
