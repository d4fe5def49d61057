#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/projector/lor.h"
#include "sojourn/projector/tof_kernel.h"
#include "sojourn/recon/measured.h"

namespace sojourn::recon {

/// A file of counts, read but not corrected: what every reader here returns.
struct Acquisition {
  std::string format;  ///< "Interfile sinogram", "PETLINK list mode", "CASToR list mode"…
  std::string modality = "PT";  ///< PT or NM
  Measured measured;            ///< prompts; background still empty
  /// Per entry of measured, where the file holds it; empty: none (randoms, scatter), 1 (the
  /// others).
  std::vector<float> normalisation;  ///< n: counts per unit of the line's integral
  std::vector<float> attenuation;    ///< a: part of the pairs that leave the subject, at most 1
  std::vector<float> randoms;        ///< mean counts of the entry (of its bin of time of flight)
  std::vector<float> scatter;
  std::vector<projector::Lor> delayed;  ///< events of the delayed window

  std::optional<projector::TofResolution> tof;
  int tof_bins = 1;  ///< bins of a line, where events stand for bins

  /// The lines that could have counted, or an even sample of them: `weight` real lines each.
  std::vector<projector::Lor> lines;
  std::vector<float> line_normalisation;   ///< n of each; empty: 1
  std::vector<std::uint16_t> line_subset;  ///< as measured.subset; empty: not tied
  double weight = 1;

  /// Facts of the header, where it has them.
  double duration_s = 0;
  std::optional<double> start_utc_s;
  std::string nuclide;
  std::optional<double> half_life_s, positron_fraction, injected_activity_bq, injected_utc_s;
  std::string tracer, scanner;
  double energy_low_kev = 0, energy_resolution_511 = 0;  ///< 0: not told
  image::Geometry grid;  ///< what a reconstruction takes where nobody says otherwise
  std::vector<std::string> warnings;
};

/// A centred cubic grid that covers a cylinder, voxels of about `voxel_mm`.
[[nodiscard]] image::Geometry covering_grid(double radius_mm, double half_length_mm,
                                            double voxel_mm, double slice_mm);

}  // namespace sojourn::recon
