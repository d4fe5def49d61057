#include "sojourn/cli/subject_image.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/plan/constants.h"
#include "sojourn/simulate/activity_map.h"
#include "sojourn/simulate/fast_path.h"
#include "sojourn/simulate/image_file.h"
#include "sojourn/simulate/source_table.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::string id, source, scanner, nuclide, method = "n/a", start, duration, spacing, output;
  std::string infused_at = "2000-01-01T00:00:00Z", injected;
  std::uint64_t seed = 1;
  double texture_sd = 0;
  std::string texture_width = "0 mm";
  bool noise_free = false, json = false;
};

/// Energy of the photons that are imaged: annihilation, or the strongest line from 60 to 400 keV.
double photon_kev(const simulate::NuclearModel& model, const nuclide::Nuclide& nuclide) {
  constexpr double kAnnihilation = 510.999;
  if (model.pet) return kAnnihilation;
  double energy = 0, most = 0;
  for (const auto& e : nuclide.emissions) {
    if (e.type != "gamma" || e.energy_kev < 60 || e.energy_kev > 400) continue;
    if (e.intensity > most) most = e.intensity, energy = e.energy_kev;
  }
  if (!(most > 0)) refuse("{} has no gamma line from 60 to 400 keV", nuclide.name);
  return energy;
}

void print_json(const Options& o, const simulate::ExpectedCounts& counts, double bq) {
  core::Tree t = core::Tree::table();
  t.set("schema", "sojourn/subject-image/1").set("subject", o.id).set("scanner", o.scanner);
  t.set("nuclide", o.nuclide).set("activity_bq", bq).set("trues", counts.trues);
  t.set("scatters", counts.scatters).set("randoms", counts.randoms);
  fmt::print("{}", core::to_json(t.set("seed", static_cast<std::int64_t>(o.seed))));
}

int run(const Options& o) {
  using units::Dimension;
  const auto subject = subject::load_subject(o.id);
  const auto& nuclide = nuclide::find(o.nuclide);
  const auto model = simulate::nuclear_model(catalogue::scanner(o.scanner), nuclide);
  const auto table = simulate::parse_source_table(core::read_file(o.source), o.source);
  const double start_s = units::parse(o.start, Dimension::time);
  const double duration_s = units::parse(o.duration, Dimension::time);
  const double mm = units::parse(o.spacing, Dimension::length);
  const auto zero = core::parse_iso(o.infused_at);
  if (!zero) refuse("--infused-at: \"{}\" is no time as 2026-03-02T10:15:00Z", o.infused_at);
  if (!(o.texture_sd >= 0 && o.texture_sd <= 3)) refuse("--texture-sd is not between 0 and 3");
  const auto bq =
      simulate::frame_activity(table, subject, start_s, duration_s, nuclide.half_life_s);

  const double margin_mm = 2 * model.fwhm_mm[0];  // of air, for the blur
  const auto voxels = subject::voxelise(subject, {{mm, mm, mm}, margin_mm, 3});
  simulate::FastScene scene;
  scene.activity_bq_per_ml = simulate::activity_map(
      voxels, subject, bq,
      {o.texture_sd, units::parse(o.texture_width, Dimension::length), o.seed + 1});
  std::vector<double> mu;
  const double water = plan::water_attenuation_per_mm(photon_kev(model, nuclide));
  for (const auto& organ : subject.organs) mu.push_back(water * organ.density_g_per_ml);
  scene.mu_per_mm = voxels.average(mu);
  scene.duration_s = duration_s;
  const auto box = subject::bounds(subject);
  for (std::size_t a = 0; a < 3; ++a) scene.center_mm[a] = (box[0][a] + box[1][a]) / 2;
  const auto noise = simulate::fast_noise(scene, model);
  if (!(noise.counts.trues > 0))
    refuse(
        "{}: no count falls into the field of view ({} mm about the middle of the body): choose a "
        "longer scanner, or a source inside it",
        o.scanner, model.axial_fov_mm);
  const auto image = simulate::fast_image(scene, model, noise, o.seed, o.noise_free);

  simulate::ImageNote note;
  note.modality = model.pet ? "PT" : "NM";
  note.unit = "Bq/mL";
  note.scanner = o.scanner;
  note.method = o.method;
  note.time_zero_utc_s = zero->utc_s();
  note.start_s = start_s;
  note.duration_s = duration_s;
  note.seed = o.seed;
  note.nuclide = nuclide.name;
  note.half_life_s = nuclide.half_life_s;
  if (!o.injected.empty()) note.injected_bq = units::parse(o.injected, Dimension::activity);
  note.parameters.set("subject", o.id).set("fwhm_mm", model.fwhm_mm[0]);
  note.parameters.set("filter_fwhm_mm", model.filter_fwhm_mm[0]).set("noise", !o.noise_free);
  simulate::write_image(o.output, image, note);
  double total = 0;
  for (const double one : bq) total += one;
  if (o.json) {
    print_json(o, noise.counts, total);
  } else {
    fmt::print("{:.4g} Bq in {}; {:.3g} true, {:.3g} scattered, {:.3g} random counts\n", total,
               o.id, noise.counts.trues, noise.counts.scatters, noise.counts.randoms);
  }
  return 0;
}

}  // namespace

std::function<int()> declare_subject_image(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.add_option("id", o->id, "a name that `sojourn subject list` prints")->required();
  app.add_option("--source", o->source, "TSV: hours, organ, activity_dc_bq (Bq at time 0)")
      ->required();
  app.add_option("--scanner", o->scanner, "PET or SPECT scanner of the catalogue")->required();
  app.add_option("--nuclide", o->nuclide, "as Zr-89")->required();
  app.add_option("--method", o->method, "row of the catalogue, for the sidecar");
  app.add_option("--start", o->start, "of the frame after time 0, as \"24 h\"")->required();
  app.add_option("--duration", o->duration, "of the frame, as \"15 min\"")->required();
  app.add_option("--spacing", o->spacing, "edge of a voxel, as \"0.8 mm\"")->required();
  app.add_option("--infused-at", o->infused_at, "time 0 as a date")->capture_default_str();
  app.add_option("--injected", o->injected, "activity at time 0 for the sidecar, as \"250 kBq\"");
  app.add_option("--texture-sd", o->texture_sd, "relative spread of uptake inside organs");
  app.add_option("--texture-width", o->texture_width, "FWHM of that texture, as \"3 mm\"");
  app.add_option("--seed", o->seed, "of the noise")->capture_default_str();
  app.add_flag("--noise-free", o->noise_free, "the mean image");
  app.add_flag("--json", o->json, "JSON on standard output");
  app.add_option("-o,--output", o->output, "image, .nii.gz; its .json goes beside it")->required();
  return [o] { return run(*o); };
}

}  // namespace sojourn::cli
