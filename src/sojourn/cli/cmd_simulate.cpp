#include <CLI/CLI.hpp>

#include "sojourn/cli/command.h"
#include "sojourn/cli/simulate_parts.h"

namespace sojourn::cli {

Command simulate_command() {
  return {"simulate",
          "Virtual measurements: a study with known truth, and what photons do in materials and "
          "scanners",
          "sojourn simulate study.toml -o virtual && sojourn track virtual/study.toml -o results",
          [](CLI::App& app) {
            app.require_subcommand(0, 1);
            auto study = declare_simulate_study(app);
            auto material = declare_simulate_material(app);
            auto nema = declare_simulate_nema(app);
            return [study, material, nema] {
              return *nema ? (*nema)() : *material ? (*material)() : study();
            };
          }};
}

}  // namespace sojourn::cli
