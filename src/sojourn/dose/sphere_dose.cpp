#include "sojourn/dose/sphere_dose.h"

#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/dose/ball_geometry.h"
#include "sojourn/units/units.h"

namespace sojourn::dose {
namespace {

constexpr double kJoulePerKev = 1.602176634e-16;  // CODATA 2018, exact

}  // namespace

std::vector<double> sphere_weights(double radius_mm) {
  const auto& edges = NuclideKernel::edges_mm();
  std::vector<double> weight;
  for (std::size_t s = 0; s + 1 < edges.size(); ++s) {
    // Simpson over the shell: the energy is even in it to good approximation
    const double a = edges[s], b = edges[s + 1];
    weight.push_back((share_from_ball(radius_mm, a, radius_mm) +
                      4 * share_from_ball(radius_mm, 0.5 * (a + b), radius_mm) +
                      share_from_ball(radius_mm, b, radius_mm)) /
                     6);
  }
  return weight;
}

SphereDose sphere_dose(const NuclideKernel& kernel, double mass_g, double density_g_per_ml) {
  if (!(mass_g > 0 && mass_g <= 1e6))
    refuse("a sphere of {} g: the mass must be over 0, at most 1 t", mass_g);
  if (!(density_g_per_ml > 0)) refuse("a density of {} g/mL is not over 0", density_g_per_ml);
  SphereDose d;
  d.radius_mm =
      std::cbrt(3 * mass_g / density_g_per_ml * units::kMm3PerMl / (4 * std::numbers::pi));
  // a medium of another density is water with all lengths scaled
  const auto e = kernel.weighed(sphere_weights(d.radius_mm * density_g_per_ml));
  d.electron_fraction =
      kernel.electron_energy_kev() > 0 ? e.electrons / kernel.electron_energy_kev() : 0;
  d.photon_fraction = kernel.photon_energy_kev() > 0 ? e.photons / kernel.photon_energy_kev() : 0;
  const double unit = kJoulePerKev / (mass_g * 1e-3) * 1e6 * 1e3 * units::kSecondsPerHour;
  d.mgy_per_mbq_h = unit * e.total();
  d.mgy_per_mbq_h_se = unit * std::hypot(e.electrons_se, e.photons_se);
  return d;
}

}  // namespace sojourn::dose
