#include "sojourn/plan/counting_limit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/positron_range.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/plan/constants.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

constexpr double kAnnihilation_kev = 510.999;
constexpr double kMmPerSecondOfLight = 2.99792458e11;
constexpr double kBackgroundRegions = 8;  // as `track` asks for (docs/theory/measurement.md)
constexpr double kCameraLow_kev = 60;  // below, a camera's windows hold scatter and X-rays of lead

const catalogue::NuclearScanner& nuclear(const catalogue::Scanner& scanner) {
  const auto* found = scanner.get<catalogue::NuclearScanner>();
  if (found == nullptr)
    refuse("the scanner \"{}\" ({}) sees no radionuclides: choose a PET or SPECT scanner",
           scanner.id, scanner.modality);
  return *found;
}

/// The energy up to which a camera's collimator holds photons back.
double camera_high_kev(const catalogue::NuclearScanner& s) {
  constexpr double kMediumEnergy_kev = 300;
  return s.collimator_energy_max_kev ? s.collimator_energy_max_kev->value : kMediumEnergy_kev;
}

/// Yield-weighted energy of the photons that a camera takes.
double camera_energy_kev(const nuclide::Nuclide& nuclide, double high_kev) {
  double yield = 0, energy = 0;
  for (const auto& e : nuclide.emissions) {
    if (e.type != "gamma" && e.type != "x") continue;
    if (e.energy_kev < kCameraLow_kev || e.energy_kev > high_kev) continue;
    yield += e.intensity;
    energy += e.intensity * e.energy_kev;
  }
  return yield > 0 ? energy / yield : 0;
}

/// Part of the photons, or pairs of them, that leave the object from its middle.
double transmitted(const catalogue::Scanner& scanner, const nuclide::Nuclide& nuclide,
                   double diameter_mm) {
  if (scanner.modality == "PET")
    return std::exp(-water_attenuation_per_mm(kAnnihilation_kev) * diameter_mm);
  const double high = camera_high_kev(nuclear(scanner));
  return std::exp(-water_attenuation_per_mm(camera_energy_kev(nuclide, high)) * diameter_mm / 2);
}

double cube_width_mm(double volume_ml) { return std::cbrt(volume_ml * units::kMm3PerMl); }

/// Variance of an element of a uniform disc over its counts (Budinger 1978), with time of flight
/// (Budinger 1983).
double tomographic_factor(const catalogue::NuclearScanner& s, double disc_mm, double element_mm) {
  const auto& c = noise_constants();
  if (s.time_resolution_s && s.time_resolution_s->value > 0)
    disc_mm =
        std::min(disc_mm, c.time_of_flight * kMmPerSecondOfLight * s.time_resolution_s->value / 2);
  const double elements = std::numbers::pi / 4 * std::pow(disc_mm / element_mm, 2);
  return c.disc_variance * std::sqrt(std::max(1.0, elements));
}

double lutetium_share(double threshold_kev) {
  const auto& c = noise_constants();
  const auto& x = c.threshold_kev;
  if (threshold_kev <= x.front()) return c.share.front();
  for (std::size_t i = 1; i < x.size(); ++i)
    if (threshold_kev <= x[i])
      return c.share[i - 1] +
             (c.share[i] - c.share[i - 1]) * (threshold_kev - x[i - 1]) / (x[i] - x[i - 1]);
  return c.share.back();
}

}  // namespace

double detected_per_decay(const catalogue::Scanner& scanner, const nuclide::Nuclide& nuclide) {
  const double measured = nuclear(scanner).sensitivity_cps_per_bq->value;
  const auto& reference = nuclide::find(scanner.reference_nuclide);
  if (scanner.modality == "PET") {
    if (!(nuclide.positron_fraction > 0))
      refuse("{} emits no positrons (\"{}\" is a PET scanner): choose a SPECT scanner",
             nuclide.name, scanner.id);
    return measured * nuclide.positron_fraction / reference.positron_fraction;
  }
  // a strong photon over the collimator's energy passes its septa and blurs every window
  const double high = camera_high_kev(nuclear(scanner));
  constexpr double kStrong = 0.1;
  const double yield = yield_in_window(nuclide, kCameraLow_kev, high);
  if (!(yield > 0) || yield_in_window(nuclide, high, kAnnihilation_kev) > kStrong)
    refuse(
        "the collimator of \"{}\" takes photons of {} to {} keV, not those of {}: choose "
        "another scanner",
        scanner.id, kCameraLow_kev, high, nuclide.name);
  return measured * yield / yield_in_window(reference, kCameraLow_kev, high);
}

double crystal_randoms_per_s(const catalogue::Scanner& scanner) {
  const auto& s = nuclear(scanner);
  const bool lso = scanner.crystal == "LSO", lyso = scanner.crystal == "LYSO";
  const bool described = s.rings && s.crystals_per_ring && s.crystal_width_mm &&
                         s.crystal_height_mm && s.crystal_depth_mm && s.coincidence_window_s &&
                         s.energy_window_low_kev && s.ring_diameter_mm;
  if (scanner.modality != "PET" || !(lso || lyso) || !described) return 0;
  const auto& c = noise_constants();
  const double crystals_ml = s.rings->value * s.crystals_per_ring->value *
                             s.crystal_width_mm->value * s.crystal_height_mm->value *
                             s.crystal_depth_mm->value / units::kMm3PerMl;
  const double singles = crystals_ml * (lso ? c.lso_bq_per_ml : c.lyso_bq_per_ml) *
                         lutetium_share(s.energy_window_low_kev->value);
  // of all pairs of crystals, those whose line crosses the field of view
  const double seen =
      2 / std::numbers::pi *
      std::asin(std::min(1.0, s.transaxial_fov_mm->value / s.ring_diameter_mm->value));
  // each pair once: rate = window (2 tau) * singles^2 / 2
  return s.coincidence_window_s->value * singles * singles / 2 * seen;
}

double image_fwhm_mm(const catalogue::Scanner& scanner, const nuclide::Nuclide& nuclide) {
  const double own = nuclear(scanner).resolution_fwhm_mm->value;
  if (scanner.modality != "PET") return own;
  return std::hypot(own, nuclide::positron_range_fwhm_mm(nuclide.name));
}

CountingLimit counting_limit(const catalogue::Scanner& scanner, const nuclide::Nuclide& nuclide,
                             const Scene& scene) {
  const auto& s = nuclear(scanner);
  const auto& c = noise_constants();
  CountingLimit limit;
  const double lambda = std::log(2.0) / nuclide.half_life_s;
  const double decays_per_bq = -std::expm1(-lambda * scene.time_s) / lambda;
  const double air = detected_per_decay(scanner, nuclide) * decays_per_bq;
  limit.counts_per_bq = air * transmitted(scanner, nuclide, scene.object_diameter_mm);

  // the noise of a region is that of its blurred volume: a Gaussian is as wide as 1.5 of its FWHM
  const double gaussian =
      2 * std::sqrt(std::numbers::pi) / units::kFwhmPerSigma * image_fwhm_mm(scanner, nuclide);
  const double width = std::hypot(cube_width_mm(scene.volume_ml), gaussian);
  limit.blurred_ml = std::pow(width, 3) / units::kMm3PerMl;
  limit.background_counts = scene.background_bq_per_ml * limit.blurred_ml * limit.counts_per_bq;
  const double field_ml = std::numbers::pi / 4 * std::pow(s.transaxial_fov_mm->value, 2) *
                          s.axial_fov_mm->value / units::kMm3PerMl;
  limit.crystal_counts =
      crystal_randoms_per_s(scanner) * scene.time_s * limit.blurred_ml / field_ml;

  const double k = numerics::normal_quantile(0.95);
  const double object = std::max(scene.object_diameter_mm, width);
  const double by_background = limit.background_counts * tomographic_factor(s, object, width);
  const double by_crystals =
      limit.crystal_counts * tomographic_factor(s, s.transaxial_fov_mm->value, width);
  const double sigma_0 = std::sqrt((by_background + by_crystals) * (1 + 1 / kBackgroundRegions));
  const double own = k * k * c.noise_constant;
  limit.own_counts = 2 * k * sigma_0 + own;
  limit.activity_bq = limit.own_counts / limit.counts_per_bq;
  limit.limited_by = own > 2 * k * sigma_0         ? "counting"
                     : by_background > by_crystals ? "background"
                                                   : "crystals";
  return limit;
}

}  // namespace sojourn::plan
