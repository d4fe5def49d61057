#include "sojourn/dose/cell_course.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/dose/sphere_dose.h"

namespace sojourn::dose {
namespace {

constexpr double kUm3PerMl = 1e12, kKgPerMl = 1e-3;
constexpr double kJoulePerKev = 1.602176634e-16;  // CODATA 2018, exact

/// (1 - e^(-kt))/k, t for k = 0.
double integral_of_decay(double k, double t) { return k > 0 ? -std::expm1(-k * t) / k : t; }

void check(const LabelledCell& cell, const TubeStay& tube, const CellShape& shape) {
  const auto not_negative = [](double v, const char* what) {
    if (!(v >= 0) || !std::isfinite(v))
      refuse("{} is {}; it must be a number of at least 0", what, v);
  };
  not_negative(cell.activity_bq, "the activity of a cell");
  not_negative(cell.efflux_per_s, "the efflux of the label");
  not_negative(tube.duration_s, "the time in the tube");
  not_negative(tube.cells_per_ml, "the number of cells in a mL");
  not_negative(tube.free_bq_per_ml, "the free activity in the tube");
  if (!(cell.half_life_s > 0)) refuse("a half-life of {} s is not over 0", cell.half_life_s);
  if (!(cell.doubling_s > 0)) refuse("a doubling time of {} s is not over 0", cell.doubling_s);
  if (tube.duration_s == 0) return;
  if (!(tube.volume_ml > 0)) refuse("a tube of {} mL is not over 0", tube.volume_ml);
  const double cell_ml = 4 * std::numbers::pi / 3 * std::pow(shape.cell_radius_um, 3) / kUm3PerMl;
  if (tube.cells_per_ml * cell_ml > 1)
    refuse("{} cells of radius {} um do not fit into 1 mL; there is room for {:.3g}",
           tube.cells_per_ml, shape.cell_radius_um, 1 / cell_ml);
}

/// Gy to the nucleus per second of the stay at time 0, without decay.
double around_rate(const std::vector<ElectronLine>& lines, const CellShape& shape,
                   const LabelledCell& cell, const TubeStay& tube) {
  const double bq_per_ml = cell.activity_bq * tube.cells_per_ml + tube.free_bq_per_ml;
  if (tube.duration_s == 0 || bq_per_ml == 0) return 0;
  const double radius_um = std::cbrt(3 * tube.volume_ml * kUm3PerMl / (4 * std::numbers::pi));
  return bq_per_ml *
         (nucleus_dose_from_around(lines, shape, radius_um) * mean_over_middle(lines, radius_um) +
          tube.photons_gy_per_bq_s_per_ml);
}

}  // namespace

double tube_photons_gy(const NuclideKernel& kernel, double volume_ml) {
  if (!(volume_ml > 0)) refuse("a tube of {} mL is not over 0", volume_ml);
  // of 1 Bq s/mL the ball absorbs volume * keV, in volume * 1 g/mL
  const double radius_mm = std::cbrt(3 * volume_ml * 1e3 / (4 * std::numbers::pi));
  return kernel.weighed(sphere_weights(radius_mm)).photons * kJoulePerKev / kKgPerMl;
}

double decays_until(const LabelledCell& cell, double t_s) {
  SOJOURN_EXPECT(t_s >= 0);
  const double k = std::numbers::ln2 / cell.half_life_s + cell.efflux_per_s +
                   std::numbers::ln2 / cell.doubling_s;
  return cell.activity_bq * integral_of_decay(k, t_s);
}

std::vector<NucleusDose> nucleus_dose(const std::vector<ElectronLine>& lines,
                                      const CellShape& shape, const LabelledCell& cell,
                                      const TubeStay& tube, const std::vector<double>& times_s) {
  check(cell, tube, shape);
  const double own = cell_s_values(lines, shape).to_nucleus(cell.part);
  const double around = around_rate(lines, shape, cell, tube);
  std::vector<NucleusDose> doses;
  for (const double t : times_s) {
    if (!(t >= 0)) refuse("the time {} s lies before the end of labelling", t);
    const double together = std::min(t, tube.duration_s);
    doses.push_back({own * decays_until(cell, t),
                     around * integral_of_decay(std::numbers::ln2 / cell.half_life_s, together)});
  }
  return doses;
}

}  // namespace sojourn::dose
