#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/simulate/example_study.h"

namespace sojourn::cli {

Command example_command() {
  struct Options {
    std::filesystem::path out;
    simulate::ExampleOptions example;
    bool quiet = false;
  };
  return {
      "example", "Write the bundled example study: a virtual mouse with known truth",
      "sojourn example -o example && sojourn track example/study.toml -o results",
      [](CLI::App& app) {
        auto options = std::make_shared<Options>();
        app.add_option("-o,--output", options->out,
                       "folder to write; an earlier example there is replaced")
            ->required();
        app.add_option("--seed", options->example.seed, "seed of the noise")->capture_default_str();
        app.add_flag("--noise-free", options->example.noise_free,
                     "no counting noise: scanner blur only");
        app.add_flag("-q,--quiet", options->quiet, "no progress on standard error");
        return [options] {
          const auto study = simulate::write_example(options->out, options->example,
                                                     progress_line(options->quiet));
          end_progress();
          fmt::print("{}\n", study.string());
          return 0;
        };
      }};
}

}  // namespace sojourn::cli
