#pragma once
#include <string_view>
#include <vector>

namespace sojourn::nuclide {

enum class BetaSign { minus, plus };

/// Kinetic energies of the beta particles of a nuclide, all branches of one sign together.
/// The density is linear between its points.
struct BetaSpectrum {
  std::vector<double> energies_kev;     ///< from 0 to the highest end point, ascending
  std::vector<double> density_per_kev;  ///< integral 1
  std::vector<double> cumulated;        ///< integral of the density up to each energy, 0 to 1
  double mean_kev = 0;

  /// The energy below which the share `u` of the particles lies: sampling, for u uniform in [0, 1].
  [[nodiscard]] double sample_kev(double u) const;
};

/// The table of data/nuclide/beta_spectra_2026, calculated as docs/theory/nuclides.md says.
/// @throws Error(bad_input) where the nuclide is unknown or emits no beta of that sign.
[[nodiscard]] const BetaSpectrum& beta_spectrum(std::string_view name, BetaSign sign);

/// The same for nuclides with betas of one sign. @throws Error(bad_input) for those of both
/// (Cu-64).
[[nodiscard]] const BetaSpectrum& beta_spectrum(std::string_view name);

}  // namespace sojourn::nuclide
