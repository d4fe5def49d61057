#pragma once
#include <string>

#include "sojourn/catalogue/rows.h"
#include "sojourn/nuclide/nuclide.h"

/// The smallest activity that PET or SPECT tells from its surroundings. Equations and sources:
/// docs/theory/planning.md.
namespace sojourn::plan {

/// A region and its surroundings while they are imaged.
struct Scene {
  double volume_ml = 1;             ///< of the region, taken as a cube
  double time_s = 0;                ///< of the scan
  double background_bq_per_ml = 0;  ///< around it, at the start of the scan
  double object_diameter_mm = 0;    ///< tissue that photons cross, extent of the background; 0: air
};

struct CountingLimit {
  double activity_bq = 0;    ///< detection limit of the region's activity at the start of the scan
  double counts_per_bq = 0;  ///< detected, of a Bq at the start
  double own_counts = 0;     ///< counts of the limit itself
  double background_counts = 0, crystal_counts = 0;  ///< in the region's blurred volume
  double blurred_ml = 0;   ///< volume over which the region's noise is taken
  std::string limited_by;  ///< "counting" | "background" | "crystals"
};

/// Currie's detection limit (false positives and negatives 5 % each, place known) for the total of
/// a region, with tomographic noise.
/// @throws Error(bad_input) where the scanner cannot see the nuclide.
[[nodiscard]] CountingLimit counting_limit(const catalogue::Scanner& scanner,
                                           const nuclide::Nuclide& nuclide, const Scene& scene);

/// Counts per decay in air: the scanner's sensitivity carried from the nuclide that it was measured
/// with to this one, by positrons or by photons in its windows.
[[nodiscard]] double detected_per_decay(const catalogue::Scanner& scanner,
                                        const nuclide::Nuclide& nuclide);

/// Random coincidences of the crystals' own 176Lu over the whole field of view, per second; 0 for
/// crystals without lutetium and for scanners whose row lacks the geometry.
[[nodiscard]] double crystal_randoms_per_s(const catalogue::Scanner& scanner);

/// FWHM of the image of a point: the scanner's with the positron range of the nuclide.
[[nodiscard]] double image_fwhm_mm(const catalogue::Scanner& scanner,
                                   const nuclide::Nuclide& nuclide);

}  // namespace sojourn::plan
