#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/progress_line.h"
#include "sojourn/cli/simulate_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/tree.h"
#include "sojourn/trial/virtual_study.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::filesystem::path study, out;
  trial::VirtualStudyOptions virtual_study;
  std::size_t threads = 0;
  bool fast = false, json = false, quiet = false;
};

int run(const Options& o) {
  if (o.study.empty())
    refuse("name a study file, or what to simulate (material, nema); see sojourn simulate --help");
  if (o.out.empty()) refuse("--output is missing: name the folder to write");
  const core::ThreadLimit limit(o.threads);
  const auto result =
      trial::write_virtual_study(o.study, o.out, o.virtual_study, progress_line(o.quiet));
  end_progress();
  if (!o.quiet)
    for (const auto& warning : result.warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (!o.json) {
    fmt::print("{}\n", result.study.string());
    return 0;
  }
  core::Tree all = core::Tree::table(), warnings = core::Tree::array();
  for (const auto& warning : result.warnings) warnings.push(warning);
  all.set("schema", "sojourn/virtual-study/1").set("study", result.study.string());
  all.set("truth", (result.study.parent_path() / "truth.tsv").string());
  all.set("seed", static_cast<std::int64_t>(o.virtual_study.seed));
  fmt::print("{}", core::to_json(all.set("warnings", std::move(warnings))));
  return 0;
}

}  // namespace

std::function<int()> declare_simulate_study(CLI::App& simulate) {
  auto o = std::make_shared<Options>();
  simulate.add_option("study", o->study, "study file: its scans are simulated");
  simulate.add_option("-o,--output", o->out,
                      "folder to write; an earlier virtual study there is replaced");
  simulate.add_option("--seed", o->virtual_study.seed, "seed of the truth and of the noise")
      ->capture_default_str();
  simulate.add_flag("--noise-free", o->virtual_study.noise_free, "mean images and exact assays");
  simulate.add_flag("--fast", o->fast,
                    "scanner by its resolution and its counts, without events (the only way yet)");
  simulate.add_option("--threads", o->threads, "at most so many; none: all")
      ->check(CLI::PositiveNumber);
  simulate.add_flag("--json", o->json, "JSON on standard output");
  simulate.add_flag("-q,--quiet", o->quiet, "no progress and no warnings on standard error");
  return [o] { return run(*o); };
}

}  // namespace sojourn::cli
