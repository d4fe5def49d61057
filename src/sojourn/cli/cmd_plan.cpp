#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/command.h"
#include "sojourn/cli/plan_limit.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/plan/plan.h"
#include "sojourn/plan/plan_tables.h"
#include "sojourn/report/plan_page.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::filesystem::path question, out;
  bool json = false, quiet = false;
};

int run(const Options& options) {
  if (options.question.empty()) refuse("which question? sojourn plan QUESTION.toml -o OUT");
  if (options.out.empty() && !options.json) refuse("where to? add -o OUT, a folder, or --json");
  const auto result = plan::make_plan(options.question);
  const auto json = core::to_json(plan::to_tree(result));
  if (options.out.empty()) {
    fmt::print("{}", json);
    return 0;
  }
  core::write_file(options.out / "plan.tsv", plan::to_table(result).to_text());
  core::write_file(options.out / "plan.json", json);
  core::write_file(options.out / "plan.html", report::plan_page(result));
  if (!result.skeleton.empty())
    core::write_file(options.out / "study.toml", result.skeleton);
  else
    std::filesystem::remove(options.out / "study.toml");  // of an earlier plan
  fmt::print("{}", options.json ? json : plan::to_text(result));
  if (!options.quiet)
    for (const char* name : {"plan.tsv", "plan.json", "plan.html", "study.toml"})
      if (std::filesystem::exists(options.out / name))
        fmt::print(stderr, "{}\n", (options.out / name).string());
  return 0;
}

}  // namespace

Command plan_command() {
  return {"plan",
          "Which method can answer a question, with what activity, and down to how many cells",
          "sojourn plan question.toml -o plan", [](CLI::App& app) {
            auto options = std::make_shared<Options>();
            app.add_option("QUESTION", options->question, "question file (TOML)");
            app.add_option("-o,--output", options->out, "folder to write");
            app.add_flag("--json", options->json,
                         "print plan.json to standard output; then -o may be left out");
            app.add_flag("-q,--quiet", options->quiet, "no file names on standard error");
            auto limit = declare_plan_limit(app);
            return [options, limit] { return *limit ? (*limit)() : run(*options); };
          }};
}

}  // namespace sojourn::cli
