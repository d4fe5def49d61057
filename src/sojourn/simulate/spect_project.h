#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/simulate/pet_hits.h"
#include "sojourn/simulate/spect_head.h"

namespace sojourn::simulate {

struct SpectOptions {
  int angles = 60;         ///< even over 360 degrees, the first head on +x
  double radius_mm = 200;  ///< from the axis to the collimator
  int columns = 128, rows = 128;
  double pixel_mm = 4;
  std::uint64_t decays = 1000000;  ///< histories; more means less noise of the expectation
  std::uint64_t seed = 1;
};

/// Expected counts of one head per decay if it stood at each angle all the time: a volume of
/// columns x rows x angles (column = place across the axis, ascending with -x sin + y cos of the
/// angle; row = z). Photons scatter in the subject as in PET; at their start and at each Compton
/// collision the part that would go straight to the head is scored, with attenuation on the way and
/// the collimator's efficiency and blur at that distance. Multiply by activity, time of a view and
/// heads, then draw Poisson numbers. The result does not depend on threads.
/// @throws Error(bad_value) for options out of range, Error(bad_input) for nuclides without
/// photons.
[[nodiscard]] image::Volume<float> spect_projections(const SpectHead& head,
                                                     const PetSubject& subject,
                                                     const SpectOptions& options);

}  // namespace sojourn::simulate
