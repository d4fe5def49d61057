#pragma once
#include <string>

#include "sojourn/records/ring_geometry.h"

namespace sojourn::simulate {

/// What several photons in one coincidence window come to.
enum class Multiples {
  discard,    ///< nothing
  take_pairs  ///< every pair that the field of view allows
};

/// A PET scanner ready to be simulated. Times in ns, lengths in mm, energies in keV.
struct PetScanner {
  std::string id, crystal;  ///< row of the catalogue; name in the table of materials
  records::RingGeometry geometry;
  double energy_low_kev = 0, energy_high_kev = 0;
  double energy_resolution_511 = 0;  ///< FWHM over energy at 511 keV; goes with 1/sqrt(energy)
  double window_ns = 0;              ///< whole width: singles within half of it of each other pair
  double timing_fwhm_ns = 0;         ///< of time differences
  bool keeps_time_of_flight = false;
  double integration_ns = 0, block_dead_time_ns = 0;
  double bore_cover_mm = 0;     ///< plastic (PMMA) in front of the crystals; what meets it is lost
  double field_of_view_mm = 0;  ///< lines further than half of it from the axis are dropped
  int most_ring_difference = 0;
  double background_bq_per_ml = 0;  ///< 176Lu in the crystals
  Multiples multiples = Multiples::discard;

  /// Lines of response end at this depth: mean depth of the first interaction of 511 keV photons
  /// that come straight, 1/mu - d exp(-mu d) / (1 - exp(-mu d)).
  [[nodiscard]] double depth_of_interaction_mm() const;
  [[nodiscard]] int blocks() const {
    return geometry.sectors * geometry.blocks_tangential * geometry.blocks_axial;
  }
};

/// From a row of data/catalogue/scanners. Every parameter is the row's; none is tuned.
/// @throws Error(bad_input) for rows that are no PET scanner or lack a field, which is named.
[[nodiscard]] PetScanner pet_scanner(const std::string& id);

/// Decays of 176Lu in a mL of crystal: natural lutetium, half-life of the nuclide's row.
[[nodiscard]] double lutetium_bq_per_ml(const std::string& crystal);

}  // namespace sojourn::simulate
