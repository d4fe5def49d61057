#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <string>

#include "sojourn/cli/simulate_parts.h"
#include "sojourn/core/tree.h"
#include "sojourn/material/material.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::string name, energy = "511 keV";
  bool json = false;
};

int run(const Options& o) {
  const auto& m = material::find(o.name);
  const double energy_kev = units::parse(o.energy, units::Dimension::energy);
  const auto mass = material::mass_attenuation(m, energy_kev);
  const double total = mass.total(), per_cm = total * m.density_g_per_ml;
  if (!o.json) {
    fmt::print("{}  {:g} g/mL, {:g} keV\n  {:.5g} /cm, {:.5g} cm2/g with coherent scattering\n",
               m.name, m.density_g_per_ml, energy_kev, per_cm, total);
    fmt::print("  photoelectric {:.3g}, Compton {:.4g}, Rayleigh {:.3g}, pair {:.3g} of it\n",
               mass.photoelectric / total, mass.compton / total, mass.rayleigh / total,
               mass.pair / total);
    return 0;
  }
  auto all = core::Tree::table();
  all.set("schema", "sojourn/material/1").set("material", m.name).set("energy_kev", energy_kev);
  all.set("density_g_per_ml", m.density_g_per_ml).set("mu_per_cm", per_cm);
  all.set("mass_attenuation_cm2_per_g", total);
  auto shares = core::Tree::table();
  shares.set("photoelectric", mass.photoelectric / total).set("compton", mass.compton / total);
  shares.set("rayleigh", mass.rayleigh / total).set("pair", mass.pair / total);
  all.set("shares", std::move(shares));
  auto citations = core::Tree::array();
  citations.push(m.citation).push("schoonjans-2011");
  all.set("citations", std::move(citations));
  fmt::print("{}", core::to_json(all));
  return 0;
}

}  // namespace

std::shared_ptr<std::function<int()>> declare_simulate_material(CLI::App& simulate) {
  auto chosen = std::make_shared<std::function<int()>>();
  auto o = std::make_shared<Options>();
  CLI::App* app = simulate.add_subcommand("material", "Attenuation of photons in a material");
  app->footer("Example:\n  sojourn simulate material LSO --energy \"511 keV\" --json");
  app->add_option("NAME", o->name,
                  "water, lung, cortical-bone, LSO, lead … (docs/theory/photons.md)")
      ->required();
  app->add_option("--energy", o->energy, "of the photons, 1 keV to 3 MeV")->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
  return chosen;
}

}  // namespace sojourn::cli
