#include "sojourn/recon/run.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/image/filter.h"
#include "sojourn/io/image_import.h"
#include "sojourn/material/ct_number.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/recon/castor_source.h"
#include "sojourn/recon/corrections.h"
#include "sojourn/recon/interfile_source.h"
#include "sojourn/recon/list_mode_source.h"
#include "sojourn/recon/scatter.h"

namespace sojourn::recon {
namespace {

using image::Volume;

constexpr double kAir_per_mm = 0.001;  // a tenth of water's attenuation
constexpr double kLeastOverlap = 0.5;  // of the shorter side, between map and image

image::Geometry grid_of(const Acquisition& a, const Settings& s) {
  image::Geometry grid = a.grid;
  for (std::size_t i = 0; i < 3; ++i) {
    const double length = grid.size[i] * grid.spacing_mm[i];
    const double middle = grid.origin_mm[i] + 0.5 * (grid.size[i] - 1) * grid.spacing_mm[i];
    if (s.voxel_mm) {
      grid.spacing_mm[i] = (*s.voxel_mm)[i];
      grid.size[i] = std::max(1, static_cast<int>(std::lround(length / grid.spacing_mm[i])));
    }
    if (s.size) grid.size[i] = (*s.size)[i];
    grid.origin_mm[i] =
        (s.centre_mm ? (*s.centre_mm)[i] : middle) - 0.5 * (grid.size[i] - 1) * grid.spacing_mm[i];
  }
  return grid;
}

/// Refuses a map that lies elsewhere than the image.
void check_place(const Volume<float>& map, const image::Geometry& grid, const std::string& file) {
  const auto& g = map.geometry();
  for (std::size_t a = 0; a < 3; ++a) {
    double low = 1e30, high = -1e30;
    for (int corner = 0; corner < 8; ++corner) {
      const auto at =
          g.to_mm({corner & 1 ? g.size[0] - 0.5 : -0.5, corner & 2 ? g.size[1] - 0.5 : -0.5,
                   corner & 4 ? g.size[2] - 0.5 : -0.5});
      low = std::min(low, at[a]);
      high = std::max(high, at[a]);
    }
    const double from = grid.origin_mm[a] - 0.5 * grid.spacing_mm[a];
    const double to = from + grid.size[a] * grid.spacing_mm[a];
    const double common = std::min(high, to) - std::max(low, from);
    if (common < kLeastOverlap * std::min(high - low, to - from))
      refuse(
          "{} reaches from {:.1f} to {:.1f} mm along axis {}, the image from {:.1f} to {:.1f} mm: "
          "they lie in different frames of reference; move the map to the scanner's",
          file, low, high, a, from, to);
  }
}

std::optional<Volume<float>> attenuation_of(const Settings& s, const image::Geometry& grid) {
  const auto& file = s.ct.empty() ? s.attenuation_map : s.ct;
  if (file.empty()) return std::nullopt;
  auto series = io::import_image(file, {s.ct.empty() ? "" : "CT", "", ""});
  if (series.frames.size() != 1)
    refuse("{}: {} frames where one is wanted", file.string(), series.frames.size());
  Volume<float> map = std::move(series.frames[0].values);
  check_place(map, grid, file.string());
  for (auto& v : map.values())
    v = s.ct.empty() ? v * static_cast<float>(s.attenuation_factor)
                     : static_cast<float>(
                           material::attenuation_511_per_mm(static_cast<double>(v), s.tube_kv));
  return map;
}

double sum(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Mean counts of each entry from the crystals' own activity, even over lines and time of flight.
double add_crystal_background(Acquisition& a, double counts) {
  if (!(counts > 0)) return 0;
  if (a.lines.empty())
    refuse("crystal_background needs the lines of the scanner, which this format does not tell");
  double part = 1;
  if (a.tof && !a.measured.lines.tof_mm.empty()) {
    const auto [low, high] =
        std::minmax_element(a.measured.lines.tof_mm.begin(), a.measured.lines.tof_mm.end());
    const double range = static_cast<double>(*high) - static_cast<double>(*low);
    part = range > 0 ? std::min(1.0, (a.tof->bin_mm > 0 ? a.tof->bin_mm : 1) / range) : 1;
  }
  const auto each =
      static_cast<float>(counts * part / (static_cast<double>(a.lines.size()) * a.weight));
  if (a.randoms.empty()) a.randoms.assign(a.measured.size(), 0.0F);
  for (auto& r : a.randoms) r += each;
  return counts;
}

void add_randoms(Acquisition& a, const Settings& s, Reconstruction& r) {
  const bool delayed = s.randoms == "delayed" || (s.randoms.empty() && !a.delayed.empty());
  if (delayed && a.delayed.empty())
    refuse("randoms = \"delayed\", but {} holds no delayed events", a.format);
  if (delayed) {
    double range = 0;
    for (const float t : a.measured.lines.tof_mm)
      range = std::max(range, 2.0 * std::abs(static_cast<double>(t)));
    a.randoms = randoms_from_delayed(a, std::max(range, 1.0));
    r.randoms = static_cast<double>(a.delayed.size());
  } else if (s.randoms == "none") {
    a.randoms.clear();
  } else {
    r.randoms = sum(a.randoms);
  }
}

/// From a first image without scatter: what it would scatter.
void add_scatter(Acquisition& a, const Settings& s, const projector::Joseph& projector,
                 const Sensitivity& sensitivity, const Volume<float>& mu, Reconstruction& r) {
  constexpr int kFirst = 2;  // iterations: scatter is smooth, the image need not be sharp
  ScatterModel model;
  for (const auto& lor : a.lines) {
    model.radius_mm = std::max(model.radius_mm, std::hypot(static_cast<double>(lor.from_mm[0]),
                                                           static_cast<double>(lor.from_mm[1])));
    model.half_length_mm =
        std::max(model.half_length_mm, std::abs(static_cast<double>(lor.from_mm[2])));
  }
  if (a.energy_low_kev > 0) model.energy_low_kev = a.energy_low_kev;
  if (a.energy_resolution_511 > 0) model.energy_resolution_511 = a.energy_resolution_511;
  if (s.energy_low_kev) model.energy_low_kev = *s.energy_low_kev;
  if (s.energy_resolution_511) model.energy_resolution_511 = *s.energy_resolution_511;
  Acquisition first = a;
  set_background(first);
  Options few = s.options;
  few.iterations = kFirst;
  const auto image = reconstruct(projector, first.measured, sensitivity, few).image;
  r.scatter_scale = set_scatter(a, SingleScatter(image, mu, model), mu);
  r.warnings.insert(r.warnings.end(),
                    a.warnings.begin() + static_cast<std::ptrdiff_t>(first.warnings.size()),
                    a.warnings.end());
}

/// Scattered counts among the prompts: each entry's share of its own counts.
double scattered_counts(const Acquisition& a, const Reconstruction& r,
                        const projector::Joseph& projector, const Options& options) {
  if (a.scatter.empty()) return 0;
  Volume<float> x = r.outcome.image;
  image::gaussian_blur(x, options.psf_fwhm_mm);
  std::vector<float> trues(a.measured.size());
  projector.forward(x, a.measured.lines, trues);
  double all = 0;
  for (std::size_t e = 0; e < trues.size(); ++e) {
    const auto of = [&](const std::vector<float>& v) {
      return v.empty() ? 1.0 : static_cast<double>(v[e]);
    };
    const double scattered =
        static_cast<double>(a.scatter[e]) / (of(a.normalisation) * of(a.attenuation));
    const double mean =
        static_cast<double>(trues[e]) + static_cast<double>(a.measured.background[e]);
    if (mean > 0)
      all += scattered / mean *
             (a.measured.counts.empty() ? 1 : static_cast<double>(a.measured.counts[e]));
  }
  return all;
}

void facts(const Acquisition& a, const Settings& s, Reconstruction& r) {
  r.warnings = a.warnings;
  r.format = a.format;
  r.scanner = a.scanner;
  r.tracer = s.tracer.empty() ? a.tracer : s.tracer;
  r.nuclide = s.nuclide.empty() ? a.nuclide : s.nuclide;
  if (!r.nuclide.empty()) {
    const auto& row = nuclide::find(r.nuclide);
    r.nuclide = row.name;
    r.half_life_s = row.half_life_s;
    r.positron_fraction = row.positron_fraction;
  }
  if (s.nuclide.empty() && a.half_life_s) r.half_life_s = *a.half_life_s;
  if (s.nuclide.empty() && a.positron_fraction) r.positron_fraction = *a.positron_fraction;
  if (a.modality == "NM") {
    r.positron_fraction = 1;
    r.warnings.emplace_back("photons per decay are left to the calibration");
  }
  r.duration_s = s.duration_s.value_or(a.duration_s);
  r.start_utc_s = s.start_utc_s ? s.start_utc_s : a.start_utc_s;
  r.injected_utc_s = s.injected_utc_s ? s.injected_utc_s : a.injected_utc_s;
  r.injected_activity_bq = s.injected_activity_bq ? s.injected_activity_bq : a.injected_activity_bq;
}

void calibrate(const Settings& s, Reconstruction& r) {
  if (s.dead_time_s > 0) {
    if (!(r.duration_s > 0)) refuse("dead_time needs the duration: set calibration.duration");
    r.live_fraction = live_fraction(r.prompts / r.duration_s, s.dead_time_s);
  }
  r.unit = s.bq_per_ml_per_unit ? "Bq/mL" : "arbitrary";
  if (!s.bq_per_ml_per_unit) {
    r.warnings.emplace_back(
        "no calibration: values are proportional to activity; set "
        "calibration.bq_per_ml_per_unit");
    return;
  }
  if (r.half_life_s == 0)
    r.warnings.emplace_back(
        "no nuclide: decay during the frame and positrons per decay are not "
        "corrected; set calibration.nuclide");
  const auto factor = static_cast<float>(activity_factor(
      {r.duration_s, r.half_life_s, r.positron_fraction, r.live_fraction, *s.bq_per_ml_per_unit}));
  for (auto& v : r.outcome.image.values()) v *= factor;
  if (r.variance)
    for (auto& v : r.variance->values()) v *= factor * factor;
}

/// Mean where the map shows air and lines are seen.
std::optional<double> outside_mean(const Volume<float>& x, const Volume<float>& seen,
                                   const Volume<float>& mu) {
  double all = 0;
  std::size_t n = 0;
  const auto& g = x.geometry();
  for (std::size_t i = 0; i < g.voxels(); ++i) {
    if (!(seen.values()[i] > 0)) continue;
    const auto index = g.index_of(i);
    const auto at = mu.geometry().to_voxel(
        g.to_mm({static_cast<double>(index[0]), static_cast<double>(index[1]),
                 static_cast<double>(index[2])}));
    const int p = static_cast<int>(std::lround(at[0])), q = static_cast<int>(std::lround(at[1])),
              t = static_cast<int>(std::lround(at[2]));
    if (!mu.geometry().contains(p, q, t) || static_cast<double>(mu.at(p, q, t)) > kAir_per_mm)
      continue;
    all += static_cast<double>(x.values()[i]);
    ++n;
  }
  return n > 0 ? std::optional(all / static_cast<double>(n)) : std::nullopt;
}

}  // namespace

Acquisition read_acquisition(const std::filesystem::path& file, const Settings& s) {
  if (!std::filesystem::is_regular_file(file)) refuse("{}: there is no such file", file.string());
  const ReadChoices choices{s.options.subsets, s.sensitivity_lines, s.seed, s.pinhole};
  std::ifstream in(file, std::ios::binary);
  std::string start(256, '\0');
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(in.gcount()));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (start.rfind("sojourn-listmode", 0) == 0) return read_sojourn_list(file, choices);
  if (start.find("interfile") != std::string::npos) return read_interfile(file, choices);
  if (file.extension() == ".cdh") return read_castor(file, choices);
  refuse(
      "{}: no known format of counts; Interfile headers (.hs, .l.hdr) and CASToR headers (.cdh) "
      "are "
      "read",
      file.string());
}

Reconstruction run(Acquisition a, const Settings& s, const core::Progress& progress) {
  Reconstruction r;
  facts(a, s, r);
  const image::Geometry grid = grid_of(a, s);
  const projector::Joseph projector(grid, a.tof);
  const auto mu = attenuation_of(s, grid);
  r.prompts = a.measured.total_counts();
  add_randoms(a, s, r);
  r.crystal_background = add_crystal_background(a, s.background_per_s * r.duration_s);
  if (mu) a.attenuation = attenuation_factors(*mu, a.measured.lines.lors);
  Sensitivity sensitivity;
  if (s.sensitivity.empty()) {
    if (progress) progress("sensitivity", 0);
    sensitivity = sensitivity_of(projector, a, mu ? &*mu : nullptr, s.options.subsets);
  } else {
    auto given = io::import_image(s.sensitivity);
    sensitivity.push_back(std::move(given.frames.at(0).values));
    a.measured.subset.clear();
  }
  if (s.single_scatter) add_scatter(a, s, projector, sensitivity, *mu, r);
  set_background(a);
  r.outcome = reconstruct(projector, a.measured, sensitivity, s.options, progress);
  r.scatter = scattered_counts(a, r, projector, s.options);
  if (s.bootstrap > 0)
    r.variance = bootstrap_variance(projector, a.measured, sensitivity, s.options, s.bootstrap,
                                    s.seed, progress);
  r.sensitivity = sensitivity[0];
  for (std::size_t n = 1; n < sensitivity.size(); ++n)
    for (std::size_t i = 0; i < grid.voxels(); ++i)
      r.sensitivity.values()[i] += sensitivity[n].values()[i];
  for (std::size_t i = 0; i < grid.voxels(); ++i)
    r.explained += static_cast<double>(r.sensitivity.values()[i]) *
                   static_cast<double>(r.outcome.image.values()[i]);
  r.explained /= std::max(r.prompts - r.randoms - r.scatter - r.crystal_background, 1.0);
  if (r.outcome.unused_entries > 0)
    r.warnings.push_back(
        fmt::format("{} of {} entries meet no voxel of the image and tell nothing: make the image "
                    "larger if the subject reaches beyond it",
                    r.outcome.unused_entries, a.measured.size()));
  calibrate(s, r);
  if (mu) r.outside_mean = outside_mean(r.outcome.image, r.sensitivity, *mu);
  return r;
}

}  // namespace sojourn::recon
