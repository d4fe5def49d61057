#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "sojourn/recon/pinhole_source.h"
#include "sojourn/recon/reconstruct.h"

namespace sojourn::recon {

/// What `sojourn reconstruct` was asked for; docs/user/reconstruct.md lists the fields.
struct Settings {
  // [image]
  std::optional<image::Vec3> voxel_mm;
  std::optional<image::Index3> size;
  std::optional<image::Vec3> centre_mm;
  // [algorithm]
  Options options;
  int bootstrap = 0;  ///< replicates; 0: no variance image
  std::uint64_t seed = 1;
  std::size_t sensitivity_lines = 4000000;
  // [corrections]
  std::filesystem::path attenuation_map, ct, sensitivity;
  double attenuation_factor = 1;  ///< to 1/mm
  double tube_kv = 120;
  std::string randoms;  ///< "delayed", "none"; empty: delayed where the file has such events
  double background_per_s =
      0;  ///< coincidences of the crystals' own activity, spread over the lines
  double dead_time_s = 0;
  bool single_scatter = false;
  std::optional<double> energy_low_kev, energy_resolution_511;  ///< else of the file
  // [spect]
  std::optional<Pinhole> pinhole;
  // [calibration]
  std::optional<double> bq_per_ml_per_unit, duration_s, start_utc_s, injected_utc_s,
      injected_activity_bq;
  std::string nuclide, tracer;
  // [output]
  bool dicom = false;
  std::string subject;
  double body_mass_g = 0;
};

/// Reads a settings file; paths are relative to it. @throws Error(bad_input) "file:line: field: …".
[[nodiscard]] Settings read_settings(const std::filesystem::path& file);

}  // namespace sojourn::recon
