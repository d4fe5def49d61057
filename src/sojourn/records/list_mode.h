#pragma once
#include <cstdint>
#include <string>

#include "sojourn/records/ring_geometry.h"

namespace sojourn::records {

/// What is known of an event besides what a scanner measures; zero bits in measured data.
enum ListModeFlag : std::uint8_t {
  kScatteredInSubject = 1,    ///< a photon of the pair scattered in the subject
  kRandom = 2,                ///< the photons come from two decays
  kGamma = 4,                 ///< one is no annihilation photon
  kCrystalBackground = 8,     ///< one comes from the crystals' own activity
  kScatteredInCrystals = 16,  ///< a photon deposited energy in more than one crystal
  kPiledUp = 64,              ///< a block added light of two decays: the line may be of neither
  kDelayed = 32               ///< found in the delayed window: an estimate of randoms, not a prompt
};

/// A coincidence. 16 bytes on disk.
struct ListModeEvent {
  std::uint32_t crystal_a = 0, crystal_b = 0;  ///< below 2^24
  std::int16_t tof_ps = 0;  ///< time at a minus time at b: over 0, the annihilation was nearer to b
  std::uint8_t energy_a = 0, energy_b = 0;  ///< in units of kListModeEnergyKev, 255: that or more
  std::uint32_t time = 0;                   ///< since the start of the block, in time_unit_s
  std::uint8_t flags = 0;

  bool operator==(const ListModeEvent&) const = default;
};
inline constexpr double kListModeEnergyKev = 4;

/// What a reader needs to turn events into lines of response, and where they come from.
struct ListModeHeader {
  std::string scanner;  ///< id in the catalogue
  RingGeometry geometry;
  double depth_of_interaction_mm = 0;  ///< where on a crystal a line of response should end
  double tof_fwhm_ps = 0;              ///< 0: no time of flight
  double energy_low_kev = 0, energy_high_kev = 0;
  double coincidence_window_s = 0;
  double energy_resolution_511 = 0;  ///< FWHM over energy
  std::string nuclide;
  double activity_bq = 0;  ///< in the field at the start
  double duration_s = 0;
  double time_unit_s = 1e-6;  ///< of ListModeEvent::time
  std::uint64_t seed = 0;     ///< of a simulation
  std::uint64_t slices = 0;   ///< pieces of equal duration, a block of the file each
  std::string note;

  /// End points of an event's line, mm.
  [[nodiscard]] image::Vec3 end_a_mm(const ListModeEvent& e) const {
    return geometry.point_mm(e.crystal_a, depth_of_interaction_mm);
  }
  [[nodiscard]] image::Vec3 end_b_mm(const ListModeEvent& e) const {
    return geometry.point_mm(e.crystal_b, depth_of_interaction_mm);
  }
};

}  // namespace sojourn::records
