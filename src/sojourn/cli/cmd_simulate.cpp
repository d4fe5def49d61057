#include <CLI/CLI.hpp>

#include "sojourn/cli/command.h"
#include "sojourn/cli/simulate_parts.h"

namespace sojourn::cli {

Command simulate_command() {
  return {"simulate", "Virtual measurements: what photons do in materials and scanners",
          "sojourn simulate material water --energy \"511 keV\"", [](CLI::App& app) {
            app.require_subcommand(1);
            auto material = declare_simulate_material(app);
            return [material] { return (*material)(); };
          }};
}

}  // namespace sojourn::cli
