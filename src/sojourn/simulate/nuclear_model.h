#pragma once
#include "sojourn/catalogue/rows.h"
#include "sojourn/image/geometry.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::simulate {

/// A PET or SPECT scanner as the fast path sees it, for one nuclide.
struct NuclearModel {
  bool pet = true;               ///< else SPECT: single photons from all around
  image::Vec3 fwhm_mm{4, 4, 4};  ///< of a point in the final image, positron range included
  /// Of the smoothing that comes after the counts (reconstruction and filter): it sets the noise
  /// and its correlation. The rest of the blur happened before.
  image::Vec3 filter_fwhm_mm{2.8, 2.8, 2.8};
  double sensitivity = 0;        ///< counts per decay at the centre, in air
  double pair_sensitivity = 0;   ///< PET: counts per pair of photons at the centre
  double positron_fraction = 1;  ///< PET: pairs per decay
  double axial_fov_mm = 0, transaxial_fov_mm = 0, ring_diameter_mm = 0;
  double scatter_fraction = 0;  ///< scattered / (true + scattered)
  double coincidence_window_s = 0;
  double crystal_singles_per_s = 0;  ///< background of the crystals themselves
  double tof_fwhm_mm = 0;            ///< along the line; 0: no time of flight
};

/// From a row of the catalogue. Sensitivity is carried from the row's nuclide to this one by
/// positrons (PET) or by photons that the collimator takes (SPECT). The filter is the final width
/// over sqrt 2 along each axis: half of the blur's variance lies before the counts (assumption).
/// @throws Error(bad_input) for a scanner that sees no radionuclides, or not this one.
[[nodiscard]] NuclearModel nuclear_model(const catalogue::Scanner& scanner,
                                         const nuclide::Nuclide& nuclide);

}  // namespace sojourn::simulate
