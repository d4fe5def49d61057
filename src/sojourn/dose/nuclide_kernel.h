#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sojourn/nuclide/nuclide.h"

namespace sojourn::dose {

/// A photon line of a nuclide.
struct PhotonLine {
  double energy_kev = 0, per_decay = 0;
};
/// Gamma, annihilation and X-ray lines.
[[nodiscard]] std::vector<PhotonLine> photon_lines(const nuclide::Nuclide& nuclide);

/// Photons under this energy stop where they start (10 keV goes 2 mm in water, 5 keV 0.25 mm).
inline constexpr double kLocalPhoton_kev = 5;
/// Electrons under this energy stop where they start (2.5 um in water).
inline constexpr double kLocalElectron_kev = 10;

/// Energy that a decay at a point leaves around it in water without end, by distance.
class NuclideKernel {
 public:
  static constexpr std::size_t kBatches = 20;
  /// Shells: [0, 1 um], then 20 to a decade up to 2 m.
  [[nodiscard]] static const std::vector<double>& edges_mm();

  /// @param photons, @param electrons histories, at least kBatches each.
  NuclideKernel(const nuclide::Nuclide& nuclide, std::size_t photons, std::size_t electrons,
                std::uint64_t seed);

  /// A mean over the batches and its standard error, keV per decay.
  struct Energy {
    double electrons = 0, electrons_se = 0, photons = 0, photons_se = 0;
    [[nodiscard]] double total() const { return electrons + photons; }
  };
  /// Weight of each shell (shape [shells], 0 to 1) times its energy, summed: what a target gets.
  [[nodiscard]] Energy weighed(const std::vector<double>& weight) const;
  /// keV per decay in each shell.
  [[nodiscard]] std::vector<double> electrons_kev() const;
  [[nodiscard]] std::vector<double> photons_kev() const;
  /// What electrons and photons carry, keV per decay.
  [[nodiscard]] double electron_energy_kev() const { return electron_energy_; }
  [[nodiscard]] double photon_energy_kev() const { return photon_energy_; }

 private:
  using Batches = std::array<std::vector<double>, kBatches>;  ///< keV per decay by shell
  Batches electrons_, photons_;
  double electron_energy_ = 0, photon_energy_ = 0;
};

}  // namespace sojourn::dose
