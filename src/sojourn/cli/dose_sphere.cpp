#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/tree.h"
#include "sojourn/dose/sphere_dose.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::string nuclide, mass;
  std::size_t photons = 200000, electrons = 10000;
  std::uint64_t seed = 1;
  bool json = false;
};

int run(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  const double mass_g = units::parse(o.mass, units::Dimension::mass);
  const auto d = dose::sphere_dose(dose::NuclideKernel(n, o.photons, o.electrons, o.seed), mass_g);
  core::Tree t = core::Tree::table();
  t.set("schema", "sojourn/dose-sphere/1").set("nuclide", n.name).set("mass_g", mass_g);
  t.set("radius_mm", d.radius_mm).set("mgy_per_mbq_h", d.mgy_per_mbq_h);
  t.set("se", d.mgy_per_mbq_h_se).set("electron_fraction", d.electron_fraction);
  t.set("photon_fraction", d.photon_fraction);
  if (o.json) {
    fmt::print("{}", core::to_json(t));
    return 0;
  }
  fmt::print("{} in {} g of water (radius {:.4g} mm): {:.4g} mGy/(MBq h), se {:.1g}\n", n.name,
             mass_g, d.radius_mm, d.mgy_per_mbq_h, d.mgy_per_mbq_h_se);
  fmt::print("absorbed: {:.4g} of the electrons' energy, {:.4g} of the photons'\n",
             d.electron_fraction, d.photon_fraction);
  return 0;
}

}  // namespace

void declare_dose_sphere(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("sphere", "Dose to a sphere from its own activity");
  app->footer("Example:\n  sojourn dose sphere --mass \"310 g\" --nuclide F-18");
  app->add_option("--nuclide", o->nuclide, "as F-18")->required();
  app->add_option("--mass", o->mass, "as \"310 g\"; density 1 g/mL")->required();
  app->add_option("--photons", o->photons, "histories")
      ->capture_default_str()
      ->check(CLI::Range(1000, 100000000));
  app->add_option("--electrons", o->electrons, "histories")
      ->capture_default_str()
      ->check(CLI::Range(1000, 10000000));
  app->add_option("--seed", o->seed, "of the random numbers")->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
}

}  // namespace sojourn::cli
