#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/trial/repeated_study.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::filesystem::path trial, out;
  bool json = false, quiet = false;
};

void print_json(const trial::TrialPlan& plan, const trial::TrialResult& result) {
  core::Tree all = core::Tree::table(), regions = core::Tree::array();
  for (const auto& r : result.regions) {
    core::Tree one = core::Tree::table();
    one.set("scan", r.scan).set("region", r.region).set("studies", r.studies);
    one.set("coverage_95", r.coverage_95).set("median_ln_ratio", r.median_ln_ratio);
    one.set("spread_ln_ratio", r.spread_ln_ratio);
    regions.push(one.set("detection_auc", r.detection_auc));
  }
  all.set("schema", "sojourn/trial/1").set("studies", plan.studies);
  all.set("seed", static_cast<std::int64_t>(plan.seed)).set("empty_tumours", plan.empty_tumours);
  fmt::print("{}", core::to_json(all.set("regions", std::move(regions))));
}

void print_text(const trial::TrialResult& result) {
  fmt::print("{:>4} {:<24} {:>8} {:>10} {:>12} {:>8} {:>10}\n", "scan", "region", "studies",
             "coverage", "ln est/true", "spread", "ROC area");
  for (const auto& r : result.regions)
    fmt::print("{:>4} {:<24} {:>8} {:>10.3f} {:>12} {:>8} {:>10}\n", r.scan, r.region, r.studies,
               r.coverage_95, core::format_number(r.median_ln_ratio, 3),
               core::format_number(r.spread_ln_ratio, 3), core::format_number(r.detection_auc, 3));
}

int run(const Options& o) {
  const auto plan = trial::read_trial(o.trial);
  const auto result = trial::repeat_study(plan, o.out, progress_line(o.quiet));
  end_progress();
  if (o.json) {
    print_json(plan, result);
  } else {
    print_text(result);
  }
  return 0;
}

}  // namespace

Command trial_command() {
  return {"trial", "Simulate and track a study many times: bias, coverage, detection per region",
          "sojourn trial trial.toml -o results --json", [](CLI::App& app) {
            auto o = std::make_shared<Options>();
            app.add_option("trial", o->trial,
                           "TOML: study, studies, seed, empty_tumours (docs/user/simulate.md)")
                ->required();
            app.add_option("-o,--output", o->out, "folder for trial.tsv: every truth and interval")
                ->required();
            app.add_flag("--json", o->json, "JSON on standard output");
            app.add_flag("-q,--quiet", o->quiet, "no progress on standard error");
            return [o] { return run(*o); };
          }};
}

}  // namespace sojourn::cli
