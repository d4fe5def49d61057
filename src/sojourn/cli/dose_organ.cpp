#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>

#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/dose/body_transport.h"
#include "sojourn/dose/effective_dose.h"
#include "sojourn/dose/organ_dose.h"
#include "sojourn/dose/tia_table.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using core::Tree;
using units::Dimension;

struct Options {
  std::filesystem::path tia, curves;
  std::string phantom, nuclide, body_mass, source, target, target_mass, measured_in;
  double spacing_mm = 0;
  std::size_t histories = 100000;
  std::uint64_t seed = 1;
  bool time_scaling = false, json = false;
};

constexpr std::size_t kKernelPhotons = 1000, kKernelElectrons = 4000;
constexpr double kVoxelsAcross = 90;  // along the longer side of the body's cross section

/// The phantom by name, scaled where a mass is given.
subject::Subject phantom_of(const std::string& id, const std::string& body_mass) {
  const auto s = subject::load_subject(id);
  return body_mass.empty() ? s : subject::scaled(s, units::parse(body_mass, Dimension::mass));
}

double spacing_of(const Options& o, const subject::Subject& s) {
  if (o.spacing_mm > 0) return o.spacing_mm;
  const auto box = subject::bounds(s);
  return std::max(box[1][0] - box[0][0], box[1][1] - box[0][1]) / kVoxelsAcross;
}

/// Doses of one phantom, mGy/MBq administered.
struct OrganResult {
  std::map<std::string, std::pair<double, double>> dose;  ///< organ: dose, se
  double body_mass_g = 0;
  std::string sex;
};

OrganResult doses_of(const Options& o, const nuclide::Nuclide& n, const dose::NuclideKernel& kernel,
                     const subject::Subject& subject,
                     const std::vector<dose::SourceIntegral>& sources) {
  const dose::BodyTransport body(subject, spacing_of(o, subject));
  const dose::OrganSValues s_values(body, n, kernel, o.histories, o.seed);
  std::vector<std::string> named;
  for (const auto& source : sources) named.push_back(source.source);
  OrganResult result;
  result.sex = subject.sex;
  result.body_mass_g = subject.body_mass_g;
  std::map<std::string, double> variance;
  for (const auto& source : sources) {
    const auto s = s_values.from(source.source, named);
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (!s[i]) continue;
      const auto& id = subject.organs[i].id;
      const double seconds = source.hours * units::kSecondsPerHour;
      result.dose[id].first += seconds * s[i]->total();
      const double of_time = source.sd * units::kSecondsPerHour * s[i]->total();
      const double of_photons = seconds * s[i]->photons_se;
      variance[id] += of_time * of_time + of_photons * of_photons;
    }
  }
  for (auto& [id, value] : result.dose) value.second = std::sqrt(variance[id]);
  return result;
}

/// Part of the body's mass that each source has.
double part_of_body(const subject::Subject& s, const std::string& source, double spacing_mm) {
  const dose::BodyTransport body(s, spacing_mm);
  if (source == dose::kRemainder) return 1;
  return body.masses_g()[s.index_of(source)] / s.body_mass_g;
}

std::vector<dose::SourceIntegral> integrals_of(const Options& o, const nuclide::Nuclide& n,
                                               const subject::Subject& target) {
  if (o.tia.empty() == o.curves.empty())
    refuse("give the decays in each source by --tia FILE, or measured curves by --curves FILE");
  if (!o.tia.empty()) return dose::read_integrals(core::read_file(o.tia, 1 << 24), o.tia.string());
  std::vector<dose::SourceIntegral> all;
  for (auto curve : dose::read_curves(core::read_file(o.curves, 1 << 24), o.curves.string())) {
    if (!o.measured_in.empty()) {
      const auto animal = phantom_of(o.measured_in, "");
      dose::Scaling scaling;
      scaling.half_life_s = n.half_life_s;
      scaling.part_ratio = part_of_body(target, curve.source, spacing_of(o, target)) /
                           part_of_body(animal, curve.source, spacing_of(o, animal));
      if (o.time_scaling)
        scaling.time_factor = std::pow(target.body_mass_g / animal.body_mass_g, 0.25);
      curve = dose::scaled(curve, scaling);
    }
    const auto r = dose::integrate_curve(curve.points, {n.half_life_s, 1.0, false, ""},
                                         o.curves.string() + ": " + curve.source);
    for (const auto& flag : r.flags)
      fmt::print(stderr, "sojourn: warning: {}: {}\n", curve.source, flag);
    all.push_back({curve.source, r.value, r.sd});
  }
  return all;
}

/// Warns of more decays than the administered activity has.
void check_sum(const std::vector<dose::SourceIntegral>& sources, const nuclide::Nuclide& n) {
  double sum_h = 0;
  for (const auto& source : sources) sum_h += source.hours;
  const double most_h = n.half_life_s / std::numbers::ln2 / units::kSecondsPerHour;
  constexpr double kRounding = 1.001;
  if (sum_h > kRounding * most_h)
    fmt::print(
        stderr,
        "sojourn: warning: the sources hold {:.4g} Bq h per Bq of {}, which decays {:.4g} in "
        "all; check the hours (and that curves are not decay-corrected)\n",
        sum_h, n.name, most_h);
}

std::vector<OrganResult> results_of(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  const std::vector<std::string> ids = o.phantom == "adult"
                                           ? std::vector<std::string>{"adult-male", "adult-female"}
                                           : std::vector<std::string>{o.phantom};
  const dose::NuclideKernel kernel(n, kKernelPhotons, kKernelElectrons, o.seed);
  std::vector<OrganResult> results;
  for (const auto& id : ids) {
    const auto subject = phantom_of(id, o.body_mass);
    const auto sources = integrals_of(o, n, subject);
    check_sum(sources, n);
    results.push_back(doses_of(o, n, kernel, subject, sources));
  }
  return results;
}

/// Mean of the phantoms that have the organ.
Tree targets_of(const std::vector<OrganResult>& results) {
  std::map<std::string, std::vector<std::pair<double, double>>> by_organ;
  for (const auto& r : results)
    for (const auto& [id, value] : r.dose) by_organ[id].push_back(value);
  Tree targets = Tree::array();
  for (const auto& [id, values] : by_organ) {
    double mean = 0, variance = 0;
    const auto count = static_cast<double>(values.size());
    for (const auto& [dose, se] : values) {
      mean += dose / count;
      variance += se * se / (count * count);
    }
    targets.push(
        Tree::table().set("target", id).set("mgy_per_mbq", mean).set("se", std::sqrt(variance)));
  }
  return targets;
}

int run_organ(const Options& o) {
  const auto results = results_of(o);
  Tree t = Tree::table();
  t.set("schema", "sojourn/dose-organ/1").set("phantom", o.phantom);
  t.set("nuclide", nuclide::find(o.nuclide).name).set("targets", targets_of(results));
  t.set("effective_dose_msv_per_mbq", Tree());
  Tree surrogates = Tree::array();
  if (results.size() == 2) {
    std::array<dose::OrganDoses, 2> doses;
    for (std::size_t i = 0; i < 2; ++i)
      for (const auto& [id, value] : results[i].dose) doses[i][id] = value.first;
    const auto e = dose::effective_dose(doses[0], doses[1]);
    t.set("effective_dose_msv_per_mbq", e.msv_per_mbq);
    for (const auto& line : e.surrogates) surrogates.push(line);
  }
  t.set("surrogates", std::move(surrogates));
  if (o.json) {
    fmt::print("{}", core::to_json(t));
    return 0;
  }
  fmt::print("target\tmgy_per_mbq\tse\n");
  for (const auto& row : t.find("targets")->items())
    fmt::print("{}\t{:.4g}\t{:.2g}\n", row.find("target")->text(),
               row.find("mgy_per_mbq")->number(), row.find("se")->number());
  if (const auto* e = t.find("effective_dose_msv_per_mbq"); !e->is_null())
    fmt::print("effective (mSv/MBq)\t{:.4g}\tn/a\n", e->number());
  return 0;
}

int run_s_value(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  const auto subject = phantom_of(o.phantom, o.body_mass);
  const auto target = subject.index_of(o.target);
  const dose::NuclideKernel kernel(n, kKernelPhotons, kKernelElectrons, o.seed);
  const dose::BodyTransport body(subject, spacing_of(o, subject));
  const auto all = dose::OrganSValues(body, n, kernel, o.histories, o.seed).from(o.source);
  if (!all[target]) refuse("{}: {} has no mass", o.phantom, o.target);
  dose::SValue s = *all[target];
  double mass_g = body.masses_g()[target];
  if (!o.target_mass.empty()) {
    if (o.source != o.target) refuse("--target-mass scales an organ's dose to itself only");
    const double wanted = units::parse(o.target_mass, Dimension::mass);
    s = dose::mass_scaled(s, mass_g, wanted);
    mass_g = wanted;
  }
  Tree t = Tree::table();
  t.set("schema", "sojourn/dose-s-value/1").set("phantom", o.phantom).set("nuclide", n.name);
  t.set("source", o.source).set("target", o.target).set("target_mass_g", mass_g);
  t.set("mgy_per_mbq_s", s.total()).set("se", s.photons_se);
  t.set("electrons", s.electrons).set("photons", s.photons);
  if (o.json)
    fmt::print("{}", core::to_json(t));
  else
    fmt::print("{} <- {} ({:.4g} g), {}: {:.4g} mGy/(MBq s), se {:.1g}\n", o.target, o.source,
               mass_g, n.name, s.total(), s.photons_se);
  return 0;
}

void declare_common(CLI::App& app, Options& o) {
  app.add_option("--phantom", o.phantom, "adult-male, adult-female, macaque, rat, mouse")
      ->required();
  app.add_option("--nuclide", o.nuclide, "as Zr-89")->required();
  app.add_option("--body-mass", o.body_mass, "scales the phantom, as \"60 kg\"");
  app.add_option("--spacing", o.spacing_mm, "of the voxels, mm; default: a 90th of the body");
  app.add_option("--histories", o.histories, "photons per source")
      ->capture_default_str()
      ->check(CLI::Range(1000, 1000000000));
  app.add_option("--seed", o.seed, "of the random numbers")->capture_default_str();
  app.add_flag("--json", o.json, "JSON on standard output");
}

}  // namespace

void declare_dose_organ(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("organ", "Dose to organs from the decays in sources");
  app->footer("Example:\n  sojourn dose organ --tia tia.tsv --phantom adult --nuclide Zr-89");
  app->add_option("--tia", o->tia, "TSV: source, hours (Bq h/Bq), sd; \"rest\" is the remainder");
  app->add_option("--curves", o->curves, "TSV: source, hours, fraction, sd; not decay-corrected");
  app->add_option("--measured-in", o->measured_in,
                  "phantom of the animal that the curves are of: scaled by part of body mass");
  app->add_flag("--time-scaling", o->time_scaling, "stretches times by body mass^0.25 too");
  declare_common(*app, *o);
  app->callback([chosen, o] { *chosen = [o] { return run_organ(*o); }; });
}

void declare_dose_s_value(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("s-value", "Dose to one organ per decay in another");
  app->footer(
      "Example:\n  sojourn dose s-value --source liver --target spleen --phantom adult-male "
      "--nuclide Zr-89");
  app->add_option("--source", o->source, "organ")->required();
  app->add_option("--target", o->target, "organ")->required();
  app->add_option("--target-mass", o->target_mass, "scales an organ's dose to itself");
  declare_common(*app, *o);
  app->callback([chosen, o] { *chosen = [o] { return run_s_value(*o); }; });
}

}  // namespace sojourn::cli
