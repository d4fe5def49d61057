#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/progress.h"
#include "sojourn/core/tree.h"
#include "sojourn/recon/acquisition.h"
#include "sojourn/recon/settings.h"

namespace sojourn::recon {

/// A reconstruction with all that is said about it.
struct Reconstruction {
  Outcome outcome;                               ///< image in `unit`
  std::optional<image::Volume<float>> variance;  ///< unit squared
  image::Volume<float> sensitivity;
  std::string unit;  ///< "Bq/mL" or "arbitrary"
  std::string format, scanner, nuclide, tracer;
  double prompts = 0, randoms = 0, scatter = 0, crystal_background = 0;  ///< counts
  double duration_s = 0, half_life_s = 0, positron_fraction = 1, live_fraction = 1;
  std::optional<double> start_utc_s, injected_utc_s, injected_activity_bq;
  std::optional<double> scatter_scale;  ///< of the single-scatter simulation, by the tail fit
  /// Mean of the image where the attenuation map shows air, image unit: what the constraint to
  /// positive values makes of nothing. Nothing without a map.
  std::optional<double> outside_mean;
  /// The image's total over the counts that it explains: 1 but for what iterations leave.
  double explained = 0;
  std::vector<std::string> warnings;
};

/// Reads any file of counts that is known: Sojourn list mode, Interfile, CASToR (.cdh).
[[nodiscard]] Acquisition read_acquisition(const std::filesystem::path& file,
                                           const Settings& settings);

/// Corrects, reconstructs and calibrates. @throws Error(bad_input) explaining what does not fit.
[[nodiscard]] Reconstruction run(Acquisition acquisition, const Settings& settings,
                                 const core::Progress& progress = {});

/// Writes the folder whole or not at all: image.nii.gz with its BIDS sidecar image.json,
/// sensitivity.nii.gz, variance.nii.gz, dicom/ where asked for, and reconstruction.json.
/// @throws Error(bad_input) where `folder` holds anything else.
void write_reconstruction(const std::filesystem::path& folder, const Reconstruction& result,
                          const Settings& settings);

/// What reconstruction.json holds.
[[nodiscard]] core::Tree report_of(const Reconstruction& result, const Settings& settings);

}  // namespace sojourn::recon
