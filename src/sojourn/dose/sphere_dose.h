#pragma once
#include "sojourn/dose/nuclide_kernel.h"

namespace sojourn::dose {

/// What an evenly filled sphere of water in water gets from its own activity.
struct SphereDose {
  double radius_mm = 0;
  double electron_fraction = 0;  ///< absorbed part of the electrons' energy
  double photon_fraction = 0;    ///< of the photons' energy
  double mgy_per_mbq_h = 0;      ///< mean dose
  double mgy_per_mbq_h_se = 0;   ///< of the Monte Carlo
};

/// Absorbed energy: sum over shells of the kernel times share_from_ball(R, r, R), which is exact in
/// a medium without end; only the kernel is drawn. @param mass_g over 0, at most 1e6.
[[nodiscard]] SphereDose sphere_dose(const NuclideKernel& kernel, double mass_g,
                                     double density_g_per_ml = 1);

/// Weight of each shell of the kernel for a sphere of `radius_mm` that holds source and target.
[[nodiscard]] std::vector<double> sphere_weights(double radius_mm);

}  // namespace sojourn::dose
