#pragma once

namespace sojourn::dose {

/// Kinetic energy of an electron that still has `path_um` to go in water (1 g/cm3), keV:
/// E = 5.9 (R + 0.007)^0.565 + 0.00413 R^1.33 - 0.367, R in um, less its value at R = 0 (-9 eV).
/// Measured from 20 eV to 20 MeV; the relation on which the cellular S values of the MIRD Committee
/// rest. Positrons are taken as electrons.
/// @source Cole A, Radiat Res 38 (1969) 7-33; as used by Goddu et al., J Nucl Med 35 (1994) 303.
[[nodiscard]] double energy_from_path_kev(double path_um);

/// Its slope, keV/um: 3.3335 (R + 0.007)^-0.435 + 0.0054929 R^0.33.
[[nodiscard]] double path_stopping_kev_per_um(double path_um);

/// The inverse: path in water, um, of an electron of `energy_kev`. @param energy_kev 0 to 20000.
[[nodiscard]] double path_from_energy_um(double energy_kev);

}  // namespace sojourn::dose
