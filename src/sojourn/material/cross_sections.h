#pragma once

/// Photon cross sections of the elements, 1 keV to 3 MeV. xraylib (Schoonjans 2011) tabulates
/// photoelectric, incoherent and coherent scattering up to 800 keV and answers 0 above, silently
/// unless its error is read; above, and for pairs, see docs/theory/photons.md.
namespace sojourn::material {

inline constexpr double kLowestKev = 1, kHighestKev = 3000;
inline constexpr double kElectronKev = 510.99895;  // CODATA 2018
/// h c in keV angstrom: x = sin(angle/2) energy / kHcKevAngstrom.
inline constexpr double kHcKevAngstrom = 12.398419843;

/// Mass attenuation by process, cm2/g.
struct MassAttenuation {
  double photoelectric = 0, compton = 0, rayleigh = 0, pair = 0;
  [[nodiscard]] double total() const { return photoelectric + compton + rayleigh + pair; }
};

/// @param number atomic number, 1 to 92; @param energy_kev kLowestKev to kHighestKev.
/// @throws Error(bad_value) outside.
[[nodiscard]] MassAttenuation element_attenuation(int number, double energy_kev);

/// Incoherent scattering function S(x, Z), 0 to Z; x in 1/angstrom.
[[nodiscard]] double incoherent_function(int number, double x);
/// Atomic form factor F(x, Z), Z at x = 0.
[[nodiscard]] double form_factor(int number, double x);
/// g/mol
[[nodiscard]] double molar_mass(int number);

/// Klein and Nishina's cross section of a free electron at rest, cm2.
[[nodiscard]] double klein_nishina_cm2(double energy_kev);

/// Pair production in the field of a nucleus, cm2 per atom: Maximon's expansions of the Born
/// approximation (J Res NBS 72B (1968) 79); 0 up to 1022 keV. Without screening and Coulomb
/// correction: lead is too low by a factor near 2 close to the threshold, where pairs are rare.
[[nodiscard]] double pair_cm2(int number, double energy_kev);

}  // namespace sojourn::material
