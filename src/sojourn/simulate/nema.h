#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/core/progress.h"
#include "sojourn/simulate/pet_acquire.h"

/// NEMA's tests on simulated scanners: NU 4-2008 for scanners of mice and rats, NU 2-2018 for
/// people.
namespace sojourn::simulate {

struct NemaOptions {
  std::uint64_t seed = 1;
  double decays = 4e6;                               ///< of each measurement
  double energy_low_kev = -1, energy_high_kev = -1;  ///< below 0: the scanner's window
  int most_ring_difference = -1;                     ///< below 0: all
  std::string
      phantom;  ///< scatter and count rate: "mouse", "rat", "human"; empty: the scanner's kind
};

/// The scanner of a row with the options' window and ring differences.
[[nodiscard]] PetScanner nema_scanner(const std::string& id, const NemaOptions& options);
/// "mouse" for scanners of small animals, else "human".
[[nodiscard]] std::string nema_subject(const std::string& scanner_id);

struct Sensitivity {
  std::string method;     ///< "NU 4-2008 point source" or "NU 2-2018 line source"
  double cps_per_bq = 0;  ///< NU 4: per positron; NU 2: per decay of 18F
  double sd = 0;          ///< counting statistics
};
/// Small animals: point in its acrylic cube at the centre, whose attenuation NU 4 leaves in.
/// People: line of 70 cm on the axis without attenuation, to which NU 2 extrapolates.
[[nodiscard]] Sensitivity nema_sensitivity(const std::string& scanner_id,
                                           const NemaOptions& options,
                                           const core::Progress& progress = {});

struct ScatterFraction {
  std::string phantom;
  double nema = 0;  ///< by the standard's strips and interpolation
  double nema_sd = 0;
  double truth = 0;  ///< pairs of which a photon scattered in the phantom
  double truth_sd = 0;
};
[[nodiscard]] ScatterFraction nema_scatter_fraction(const std::string& scanner_id,
                                                    const NemaOptions& options,
                                                    const core::Progress& progress = {});

struct CountRate {
  double activity_bq = 0;
  double trues_per_s = 0, scattered_per_s = 0, randoms_per_s = 0, noise_equivalent_per_s = 0;
  double dead_fraction = 0;  ///< of the hits
};
/// NECR = T^2 / (T + S + R) with true flags, by activity in the phantom.
[[nodiscard]] std::vector<CountRate> nema_count_rate(const std::string& scanner_id,
                                                     const NemaOptions& options,
                                                     const std::vector<double>& activities_bq,
                                                     const core::Progress& progress = {});

}  // namespace sojourn::simulate
