#include "sojourn/recon/settings.h"

#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/units/units.h"

namespace sojourn::recon {
namespace {

using core::TableReader;
using units::Dimension;

std::optional<image::Vec3> three(TableReader& in, const std::string& key) {
  const auto values = units::quantities(in, key, Dimension::length);
  if (values.empty()) return std::nullopt;
  if (values.size() == 1) return image::Vec3{values[0], values[0], values[0]};
  if (values.size() != 3) in.fail(key, "give one length, or three");
  return image::Vec3{values[0], values[1], values[2]};
}

void whole(TableReader& in, const std::string& key, int least, int most, int& value) {
  if (const auto given = in.integer(key)) {
    if (*given < least || *given > most)
      in.fail(key, fmt::format("{} is not between {} and {}", *given, least, most));
    value = static_cast<int>(*given);
  }
}

void not_negative(TableReader& in, const std::string& key, double& value) {
  if (const auto given = in.number(key)) {
    if (!(*given >= 0) || !std::isfinite(*given)) in.fail(key, "it must not be negative");
    value = *given;
  }
}

void image_part(TableReader in, Settings& s) {
  s.voxel_mm = three(in, "voxel");
  if (s.voxel_mm)
    for (const double v : *s.voxel_mm)
      if (!(v > 0)) in.fail("voxel", "it must be over 0");
  const auto size = in.numbers("size");
  if (!size.empty()) {
    if (size.size() != 3) in.fail("size", "give three whole numbers of voxels");
    s.size.emplace();
    for (std::size_t a = 0; a < 3; ++a) {
      if (!(size[a] >= 1 && size[a] <= 4096 && size[a] == std::floor(size[a])))
        in.fail("size", "give three whole numbers from 1 to 4096");
      (*s.size)[a] = static_cast<int>(size[a]);
    }
  }
  s.centre_mm = three(in, "centre");
  in.finish();
}

void algorithm_part(TableReader in, Settings& s) {
  whole(in, "iterations", 1, 10000, s.options.iterations);
  whole(in, "subsets", 1, 1000, s.options.subsets);
  if (const auto fwhm = three(in, "psf_fwhm")) s.options.psf_fwhm_mm = *fwhm;
  for (const double v : s.options.psf_fwhm_mm)
    if (!(v >= 0)) in.fail("psf_fwhm", "it must not be negative");
  not_negative(in, "prior_beta", s.options.prior.beta);
  not_negative(in, "prior_gamma", s.options.prior.gamma);
  whole(in, "bootstrap", 0, 1000, s.bootstrap);
  int seed = 1, lines = static_cast<int>(s.sensitivity_lines);
  whole(in, "seed", 0, 1000000000, seed);
  whole(in, "sensitivity_lines", 1000, 1000000000, lines);
  s.seed = static_cast<std::uint64_t>(seed);
  s.sensitivity_lines = static_cast<std::size_t>(lines);
  in.finish();
}

void corrections_part(TableReader in, Settings& s, const std::filesystem::path& folder) {
  const auto path = [&](const std::string& key) -> std::filesystem::path {
    const auto text = in.text(key);
    return text ? folder / *text : std::filesystem::path();
  };
  s.attenuation_map = path("attenuation_map");
  s.ct = path("ct");
  s.sensitivity = path("sensitivity");
  if (!s.attenuation_map.empty() && !s.ct.empty())
    in.fail("ct", "give a CT or an attenuation map, not both");
  static const std::array<std::string, 2> kUnits{"1/mm", "1/cm"};
  constexpr double kPerCm = 0.1;  // 1/cm in 1/mm
  if (in.choice("attenuation_unit", kUnits) == "1/cm") s.attenuation_factor = kPerCm;
  not_negative(in, "tube_kv", s.tube_kv);
  static const std::array<std::string, 2> kRandoms{"delayed", "none"};
  s.randoms = in.choice("randoms", kRandoms).value_or("");
  static const std::array<std::string, 2> kScatter{"none", "single"};
  s.single_scatter = in.choice("scatter", kScatter).value_or("none") == "single";
  if (const auto kev = units::quantity(in, "energy_low", Dimension::energy))
    s.energy_low_kev = *kev;
  if (const auto width = in.number("energy_resolution")) s.energy_resolution_511 = *width;
  if (s.single_scatter && s.attenuation_map.empty() && s.ct.empty())
    in.fail("scatter", "single scatter needs an attenuation map or a CT");
  s.background_per_s = units::quantity(in, "crystal_background", Dimension::rate).value_or(0);
  s.dead_time_s = units::quantity(in, "dead_time", Dimension::time).value_or(0);
  if (s.background_per_s < 0) in.fail("crystal_background", "it must not be negative");
  if (s.dead_time_s < 0) in.fail("dead_time", "it must not be negative");
  in.finish();
}

void spect_part(TableReader in, Settings& s) {
  s.pinhole.emplace();
  s.pinhole->aperture_mm =
      in.need(units::quantity(in, "pinhole_distance", Dimension::length), "pinhole_distance");
  s.pinhole->diameter_mm =
      in.need(units::quantity(in, "pinhole_diameter", Dimension::length), "pinhole_diameter");
  s.pinhole->efficiency = in.number("efficiency").value_or(1);
  in.finish();
}

void calibration_part(TableReader in, Settings& s) {
  s.bq_per_ml_per_unit = in.number("bq_per_ml_per_unit");
  if (s.bq_per_ml_per_unit && !(*s.bq_per_ml_per_unit > 0))
    in.fail("bq_per_ml_per_unit", "it must be over 0");
  s.duration_s = units::quantity(in, "duration", Dimension::time);
  if (s.duration_s && !(*s.duration_s > 0)) in.fail("duration", "it must be over 0");
  const auto moment = [&](const std::string& key) -> std::optional<double> {
    const auto clock = in.datetime(key);
    return clock ? std::optional(clock->utc_s()) : std::nullopt;
  };
  s.start_utc_s = moment("start");
  s.injected_utc_s = moment("injected_at");
  s.injected_activity_bq = units::quantity(in, "injected_activity", Dimension::activity);
  s.nuclide = in.text("nuclide").value_or("");
  s.tracer = in.text("tracer").value_or("");
  in.finish();
}

void output_part(TableReader in, Settings& s) {
  s.dicom = in.boolean("dicom").value_or(false);
  s.subject = in.text("subject").value_or("");
  s.body_mass_g = units::quantity(in, "body_mass", Dimension::mass).value_or(0);
  in.finish();
}

}  // namespace

Settings read_settings(const std::filesystem::path& file) {
  const auto tree = core::parse_toml(core::read_file(file), file.string());
  TableReader in(tree, file.string());
  Settings s;
  if (auto part = in.table("image")) image_part(*part, s);
  if (auto part = in.table("algorithm")) algorithm_part(*part, s);
  if (auto part = in.table("corrections")) corrections_part(*part, s, file.parent_path());
  if (auto part = in.table("spect")) spect_part(*part, s);
  if (auto part = in.table("calibration")) calibration_part(*part, s);
  if (auto part = in.table("output")) output_part(*part, s);
  in.finish();
  return s;
}

}  // namespace sojourn::recon
