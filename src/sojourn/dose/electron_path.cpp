#include "sojourn/dose/electron_path.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::dose {
namespace {

constexpr double kNear = 5.9, kNearPower = 0.565, kNearShift_um = 0.007;
constexpr double kFar = 0.00413, kFarPower = 1.33;
constexpr double kMost_kev = 20000;

}  // namespace

double energy_from_path_kev(double path_um) {
  SOJOURN_EXPECT(path_um >= 0);
  static const double at_zero = kNear * std::pow(kNearShift_um, kNearPower);
  return kNear * std::pow(path_um + kNearShift_um, kNearPower) - at_zero +
         kFar * std::pow(path_um, kFarPower);
}

double path_stopping_kev_per_um(double path_um) {
  SOJOURN_EXPECT(path_um >= 0);
  return kNear * kNearPower * std::pow(path_um + kNearShift_um, kNearPower - 1) +
         kFar * kFarPower * std::pow(path_um, kFarPower - 1);
}

double path_from_energy_um(double energy_kev) {
  if (!(energy_kev >= 0 && energy_kev <= kMost_kev))
    refuse("an electron of {} keV is outside the range-energy relation (0 to {} keV)", energy_kev,
           kMost_kev);
  if (energy_kev == 0) return 0;
  double low = 0, high = 1;
  while (energy_from_path_kev(high) < energy_kev) high *= 4;
  double path = 0.5 * (low + high);
  for (int i = 0; i < 200; ++i) {
    const double error = energy_from_path_kev(path) - energy_kev;
    (error > 0 ? high : low) = path;
    if (std::abs(error) <= 1e-13 * energy_kev) break;
    const double newton = path - error / path_stopping_kev_per_um(path);
    path = newton > low && newton < high ? newton : 0.5 * (low + high);
  }
  return path;
}

}  // namespace sojourn::dose
