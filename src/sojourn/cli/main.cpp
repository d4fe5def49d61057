#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <new>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"

namespace sojourn::cli {

std::vector<Command> commands() {
  return {track_command(),    example_command(),  catalogue_command(),   plan_command(),
          fate_command(),     kinetics_command(), calibrate_command(),   subject_command(),
          simulate_command(), trial_command(),    reconstruct_command(), dose_command()};
}

namespace {

/// 2 where the request was wrong, 1 where the work failed; everything is said on standard error.
int guarded(const std::function<int()>& work) {
  try {
    return work();
  } catch (const Error& e) {
    end_progress();
    fmt::print(stderr, "sojourn: error: {}\n", e.what());
    return e.exit_status();
  } catch (const std::filesystem::filesystem_error& e) {
    end_progress();
    fmt::print(stderr,
               "sojourn: error: {}: cannot be read or written ({}); check its permissions\n",
               e.path1().string(), e.code().message());
    return 2;
  } catch (const std::bad_alloc&) {
    end_progress();
    fmt::print(stderr,
               "sojourn: error: not enough memory; crop the images or use a machine with more\n");
    return 1;
  } catch (const std::exception& e) {
    end_progress();
    fmt::print(stderr, "sojourn: error: {} (this is a bug of sojourn, please report it)\n",
               e.what());
    return 1;
  }
}

int run(int argc, char** argv) {
  CLI::App app("Sojourn: how many of my labelled cells are where, when, and how sure can I be?",
               "sojourn");
  app.set_version_flag("--version", core::version());
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  std::function<int()> chosen;
  std::vector<std::string> names;
  for (const auto& command : commands()) {
    names.push_back(command.name);
    CLI::App* sub = app.add_subcommand(command.name, command.synopsis);
    sub->footer("Example:\n  " + command.example);
    auto work = command.declare(*sub);
    sub->callback([&chosen, work] { chosen = work; });
  }
  if (const std::string word = argc > 1 ? argv[1] : "-";
      word.rfind('-', 0) != 0 && std::find(names.begin(), names.end(), word) == names.end()) {
    fmt::print(stderr, "sojourn: error: \"{}\" is no command{}\n", word,
               core::suggestion(word, names));
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return guarded(chosen);
}

}  // namespace
}  // namespace sojourn::cli

int main(int argc, char** argv) { return sojourn::cli::run(argc, argv); }
