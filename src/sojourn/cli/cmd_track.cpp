#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/core/files.h"
#include "sojourn/report/report.h"
#include "sojourn/study/track.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::filesystem::path study, out;
  bool fresh = false, quiet = false, json = false;
  std::uint64_t seed = 1;
};

void say_where(const Options& options, const records::StudyResult& result) {
  for (const char* name : {"activity.tsv", "cells.tsv", "study.json", "report.html"}) {
    fmt::print("{}\n", (options.out / name).string());
  }
  if (options.quiet || result.warnings.empty()) return;
  fmt::print(stderr, "sojourn: {} warning{} (also in report.html):\n", result.warnings.size(),
             result.warnings.size() == 1 ? "" : "s");
  for (const auto& warning : result.warnings) fmt::print(stderr, "  - {}\n", warning);
}

int run(const Options& options) {
  const auto progress = progress_line(options.quiet);
  study::TrackOptions track;
  track.fresh = options.fresh;
  track.seed = options.seed;
  const auto result = study::track(options.study, options.out, track, progress);
  progress("report", 0.99);
  core::write_file(options.out / "report.html", report::to_html(result));
  end_progress();
  if (options.json) {
    fmt::print("{}", core::to_json(result.provenance));
  } else {
    say_where(options, result);
  }
  return 0;
}

}  // namespace

Command track_command() {
  return {
      "track", "From images to activity and living cells per region and time",
      "sojourn track study.toml -o results", [](CLI::App& app) {
        auto options = std::make_shared<Options>();
        app.add_option("STUDY", options->study, "study file (TOML)")->required();
        app.add_option("-o,--output", options->out, "output folder; made where it does not exist")
            ->required();
        app.add_flag("--fresh", options->fresh,
                     "redo every stage, also those that an earlier run finished");
        app.add_option("--seed", options->seed, "seed of the propagation of uncertainties")
            ->capture_default_str();
        app.add_flag("--json", options->json, "print study.json to standard output");
        app.add_flag("-q,--quiet", options->quiet, "no progress and no warnings on standard error");
        return [options] { return run(*options); };
      }};
}

}  // namespace sojourn::cli
