#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/trial/calibration.h"

namespace sojourn::cli {
namespace {

using core::Tree;

struct Options {
  std::string scenario, broken = "none", rows;
  trial::CalibrationOptions run;
  bool list = false, json = false, quiet = false;
};

void list(bool json) {
  Tree all = Tree::array();
  for (const auto& id : trial::scenario_ids()) {
    const auto scenario = trial::find_scenario(id);
    if (!json) fmt::print("{:<38} {}\n", id, scenario.title);
    Tree priors = Tree::array();
    for (const auto& p : trial::priors_of(scenario)) {
      Tree one = Tree::table();
      one.set("name", p.name).set("median", p.prior_median);
      priors.push(one.set("lo95", p.prior_lo95).set("hi95", p.prior_hi95));
    }
    Tree citations = Tree::array();
    for (const auto& key : scenario.citations) citations.push(key);
    Tree t = Tree::table();
    t.set("id", id).set("title", scenario.title).set("citations", citations);
    all.push(t.set("priors", priors));
  }
  if (!json) return;
  Tree t = Tree::table();
  t.set("schema", "sojourn/calibration_list/1").set("scenarios", all);
  fmt::print("{}", core::to_json(t));
}

Tree json_of(const Options& o, const trial::CalibrationResult& r) {
  Tree t = Tree::table();
  t.set("schema", "sojourn/calibration/1").set("scenario", o.scenario).set("break", o.broken);
  t.set("seed", static_cast<std::int64_t>(o.run.seed));
  t.set("studies", static_cast<std::int64_t>(r.studies.size()));
  t.set("failed", static_cast<std::int64_t>(r.failed));
  t.set("coverage_95", r.coverage_95).set("coverage_95_se", r.coverage_95_se);
  t.set("coverage_50", r.coverage_50);
  t.set("coverage_95_all_rows", r.all_rows_95).set("coverage_50_all_rows", r.all_rows_50);
  t.set("rank_p", r.rank_p).set("misfit_share", r.misfit_share);
  t.set("held_or_flagged_95", r.held_or_flagged_95);
  t.set("median_log_error", r.median_log_error);
  t.set("middle_median_log_error", r.middle_median_log_error);
  t.set("naive_median_log_error", r.naive_median_log_error);
  return t.set("core_seconds_per_study", r.seconds_per_study);
}

void print(const Options& o, const trial::CalibrationResult& r) {
  fmt::print("{}, {} studies{}\n", o.scenario, r.studies.size(),
             o.broken == "none" ? "" : ", truth broken: " + o.broken);
  fmt::print("  95 % intervals hold the truth   {:.1f} % +- {:.1f} (all rows {:.1f} %)\n",
             100 * r.coverage_95, 100 * r.coverage_95_se, 100 * r.all_rows_95);
  fmt::print("  50 % intervals                  {:.1f} % (all rows {:.1f} %)\n",
             100 * r.coverage_50, 100 * r.all_rows_50);
  fmt::print("  ranks uniform, p                {:.3g}\n", r.rank_p);
  fmt::print("  sampling failed                 {} of {}\n", r.failed, r.studies.size());
  fmt::print("  misfit flagged                  {:.1f} % (held or flagged {:.1f} %)\n",
             100 * r.misfit_share, 100 * r.held_or_flagged_95);
  fmt::print(
      "  median |ln(estimate / truth)|   posterior {:.3f}, growth-corrected {:.3f}, naive {:.3f}\n",
      r.median_log_error, r.middle_median_log_error, r.naive_median_log_error);
  fmt::print("  core time per study             {:.2f} s\n", r.seconds_per_study);
}

void write_rows(const std::string& file, const trial::CalibrationResult& r) {
  core::Tsv table({"study", "converged", "predictive_p", "chosen", "truth", "median", "lo95",
                   "lo50", "hi50", "hi95", "naive", "middle", "rank"});
  const auto number = [](double x) { return core::format_number(x, 6); };
  for (std::size_t k = 0; k < r.studies.size(); ++k) {
    const auto& study = r.studies[k];
    for (std::size_t i = 0; i < study.rows.size(); ++i) {
      const auto& row = study.rows[i];
      table.add({std::to_string(k + 1), study.converged ? "1" : "0", number(study.predictive_p),
                 i == study.chosen ? "1" : "0", number(row.truth), number(row.median),
                 number(row.lo95), number(row.lo50), number(row.hi50), number(row.hi95),
                 number(row.naive), number(row.middle), std::to_string(row.rank)});
    }
  }
  core::write_file(file, table.to_text());
}

int run(Options& o) {
  if (o.list) {
    list(o.json);
    return 0;
  }
  if (o.scenario.empty()) refuse("a scenario is missing; sojourn calibrate --list names them");
  const auto scenario = trial::find_scenario(o.scenario);
  o.run.broken = trial::break_of(o.broken);
  const auto result = trial::calibrate(scenario, o.run, progress_line(o.quiet));
  end_progress();
  if (!o.rows.empty()) write_rows(o.rows, result);
  if (o.json)
    fmt::print("{}", core::to_json(json_of(o, result)));
  else
    print(o, result);
  return 0;
}

}  // namespace

Command calibrate_command() {
  return {
      "calibrate", "Do intervals hold what they promise: truths from the prior, inferred again",
      "sojourn calibrate zr89-oxine-t-mouse --studies 100", [](CLI::App& app) {
        auto options = std::make_shared<Options>();
        auto& o = *options;
        app.add_option("scenario", o.scenario, "id of a scenario, or a file like theirs");
        app.add_flag("--list", o.list, "names the scenarios");
        app.add_option("--studies", o.run.studies, "studies to draw")->capture_default_str();
        app.add_option("--seed", o.run.seed, "of truths and measurements")->capture_default_str();
        app.add_option("--break", o.broken,
                       "what the truth has that the model does not: residence, populations, "
                       "delay, recovery")
            ->capture_default_str();
        app.add_option("--rows", o.rows, "TSV to write: every truth with its interval");
        app.add_flag("--json", o.json, "JSON on standard output");
        app.add_flag("-q,--quiet", o.quiet, "no progress on standard error");
        return [options] { return run(*options); };
      }};
}

}  // namespace sojourn::cli
