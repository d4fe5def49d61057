#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/dose/voxel_dose.h"
#include "sojourn/io/image_import.h"
#include "sojourn/io/nifti.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::filesystem::path activity, ct, regions, out;
  std::string nuclide;
  dose::VoxelSetting setting;
  std::size_t histories = 0;
  bool integrated = false, json = false;
};

constexpr double kMgyPerGy = 1000;

image::Volume<float> one_frame(const std::filesystem::path& path, const char* modality) {
  auto series = io::import_image(path, {modality, "", ""});
  if (series.frames.size() != 1)
    refuse("{}: {} frames; give one volume", path.string(), series.frames.size());
  return std::move(series.frames.front().values);
}

/// The activity: Bq/mL by its header, or without a statement.
image::Volume<float> activity_of(const std::filesystem::path& path) {
  auto series = io::import_image(path, {"", "", ""});
  const auto unit = series.facts.unit;
  if (unit != records::PixelUnit::bq_per_ml && unit != records::PixelUnit::unknown)
    refuse("{}: its header says {}, not Bq/mL; convert it first (sojourn track calibrates)",
           path.string(), series.facts.unit_text.empty() ? "another unit" : series.facts.unit_text);
  if (unit == records::PixelUnit::unknown)
    fmt::print(stderr, "sojourn: warning: {}: no unit in the header; taken as Bq/mL\n",
               path.string());
  if (series.frames.size() != 1)
    refuse("{}: {} frames; give one volume", path.string(), series.frames.size());
  return std::move(series.frames.front().values);
}

image::Volume<float> ct_of(const Options& o, const image::Geometry& grid) {
  if (o.ct.empty()) return {};
  auto ct = one_frame(o.ct, "CT");
  if (!image::same_grid(ct.geometry(), grid))
    refuse("{}: lies on another grid than the activity; resample it first", o.ct.string());
  return ct;
}

image::Volume<float> dose_of(const Options& o, const nuclide::Nuclide& n,
                             const image::Volume<float>& decays) {
  const auto ct = ct_of(o, decays.geometry());
  const dose::NuclideKernel kernel(n, o.setting.photons, o.setting.electrons, o.setting.seed);
  if (o.histories == 0)
    return dose::voxel_dose(decays, ct.empty() ? ct : dose::densities(ct), kernel, o.setting);
  if (ct.empty()) refuse("--monte-carlo follows photons through the tissues of a CT: add --ct");
  return dose::voxel_dose_in_ct(decays, ct, n, kernel, o.histories, o.setting);
}

core::Tree regions_of(const Options& o, const image::Volume<float>& dose) {
  core::Tree rows = core::Tree::array();
  if (o.regions.empty()) return rows;
  const auto file = one_frame(o.regions, "");
  image::Volume<int> labels(file.geometry());
  int most = 0;
  for (std::size_t v = 0; v < labels.values().size(); ++v)
    most = std::max(most, labels.values()[v] = static_cast<int>(std::lround(file.values()[v])));
  core::Tsv table({"region", "dose_mgy", "volume_part"});
  for (int label = 1; label <= most; ++label) {
    if (std::find(labels.values().begin(), labels.values().end(), label) == labels.values().end())
      continue;
    const auto d = dose::dose_volume(dose, labels, label);
    for (std::size_t b = 0; b < d.part.size(); ++b)
      table.add({std::to_string(label), core::format_number(kMgyPerGy * d.dose_gy[b]),
                 core::format_number(d.part[b])});
    rows.push(core::Tree::table()
                  .set("label", label)
                  .set("volume_ml", d.volume_ml)
                  .set("mean_mgy", kMgyPerGy * d.mean_gy)
                  .set("d95_mgy", kMgyPerGy * d.dose_of(0.95))
                  .set("d50_mgy", kMgyPerGy * d.dose_of(0.5))
                  .set("d2_mgy", kMgyPerGy * d.dose_of(0.02)));
  }
  core::write_file(o.out / "dose_volume.tsv", table.to_text());
  return rows;
}

int run(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  auto decays = activity_of(o.activity);
  const double seconds = o.integrated ? 1 : n.half_life_s / std::numbers::ln2;
  for (float& v : decays.values()) {
    if (!std::isfinite(v) || v < 0) refuse("{}: holds values under 0 or none", o.activity.string());
    v *= static_cast<float>(seconds);
  }
  auto dose = dose_of(o, n, decays);
  core::Tree t = core::Tree::table();
  t.set("schema", "sojourn/dose-voxel/1").set("nuclide", n.name).set("unit", "mGy");
  t.set("integrated_input", o.integrated).set("regions", regions_of(o, dose));
  for (float& v : dose.values()) v *= static_cast<float>(kMgyPerGy);
  io::write_nifti(o.out / "dose.nii.gz", {&dose}, "absorbed dose, mGy");
  const auto json = core::to_json(t);
  core::write_file(o.out / "dose.json", json);
  if (o.json)
    fmt::print("{}", json);
  else
    fmt::print("{}\n", (o.out / "dose.nii.gz").string());
  return 0;
}

}  // namespace

void declare_dose_voxel(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("voxel", "Dose map of an activity map");
  app->footer("Example:\n  sojourn dose voxel activity.nii.gz --nuclide Zr-89 -o OUT");
  app->add_option("ACTIVITY", o->activity,
                  "image in Bq/mL at one time, after which physical decay alone is assumed")
      ->required();
  app->add_flag("--integrated", o->integrated, "the image holds decays, Bq s/mL");
  app->add_option("--nuclide", o->nuclide, "as Zr-89")->required();
  app->add_option("--ct", o->ct, "CT numbers on the same grid: densities");
  app->add_option("--monte-carlo", o->histories,
                  "photons to follow through the tissues of the CT; 0: kernels in water")
      ->capture_default_str()
      ->check(CLI::Range(0, 2000000000));
  app->add_option("--regions", o->regions, "label map on the same grid: dose-volume histograms");
  app->add_option("-o,--output", o->out, "folder to write")->required();
  app->add_option("--photons", o->setting.photons, "histories of the kernel")
      ->capture_default_str()
      ->check(CLI::Range(1000, 100000000));
  app->add_option("--seed", o->setting.seed, "of the random numbers")->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
}

}  // namespace sojourn::cli
