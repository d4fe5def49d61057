#pragma once
#include <string_view>

namespace sojourn::nuclide {

enum class Lepton { electron, positron };

/// Stopping power of liquid water (1 g/cm3), collisions and radiation, in keV/mm.
/// Collisions: Berger and Seltzer's formula of ICRU Report 37 (1984), eq. 3.1 and 3.9, with
/// Moller's or Bhabha's F(tau), I = 75 eV and Sternheimer's density effect as ESTAR prints it.
/// Radiation: Bethe and Heitler, the larger of the slow limit 16/3 and the unscreened fast one;
/// under 2 % of the whole below 4 MeV.
/// @param energy_kev kinetic energy, 1 keV to 5 MeV; below some 10 keV shell corrections are
/// missing.
[[nodiscard]] double water_stopping_kev_per_mm(double energy_kev, Lepton lepton);

/// The part of it that goes into bremsstrahlung.
[[nodiscard]] double water_radiation_kev_per_mm(double energy_kev);

/// Continuous-slowing-down path in water: integral of 1/stopping power from 0 to the energy. Under
/// 1 keV the stopping power is held at its value there (0.1 um).
/// @param energy_kev 0 to 5 MeV.
[[nodiscard]] double csda_range_mm(double energy_kev, Lepton lepton);

/// Root mean square distance in water between where a positron starts and where it stops: Lewis'
/// moments (Phys Rev 78 (1950) 526), <r^2> = 2 * integral of the mean forward advance along the
/// path, with screened Rutherford scattering and the spin and charge terms of McKinley and
/// Feshbach.
[[nodiscard]] double positron_rms_distance_mm(double energy_kev);

/// Inverse transport mean free path in water, 1/mm: the mean cosine of the deflection over a short
/// path s is exp(-s times this). The scattering of positron_rms_distance_mm.
/// @param energy_kev 1 keV to 5 MeV.
[[nodiscard]] double positron_turns_per_mm(double energy_kev);

/// Mean continuous-slowing-down path in water over the emitted positrons: the "mean range" of
/// tables, longer than the distance from the point of emission. @throws Error(bad_input) for
/// nuclides that emit none.
[[nodiscard]] double positron_mean_range_mm(std::string_view name);

/// Root mean square distance of annihilation from emission in water over the emitted positrons.
[[nodiscard]] double positron_rms_distance_mm(std::string_view name);

/// Width of the Gaussian that has the second moment of the annihilation points along one axis:
/// 2.355 * rms distance / sqrt(3). It adds in quadrature to the scanner's FWHM where both are near
/// Gaussian; the true distribution is a cusp with tails, narrower at half maximum than this.
[[nodiscard]] double positron_range_fwhm_mm(std::string_view name);

}  // namespace sojourn::nuclide
