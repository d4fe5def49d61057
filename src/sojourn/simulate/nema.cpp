#include "sojourn/simulate/nema.h"

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/simulate/nema_sinogram.h"
#include "sojourn/simulate/pet_phantom.h"

namespace sojourn::simulate {
namespace {

constexpr const char* kSource = "F-18";
constexpr double kLowActivityBq = 1e4;  // randoms and dead time vanish

std::string phantom_of(const std::string& scanner_id, const NemaOptions& options) {
  return options.phantom.empty() ? nema_subject(scanner_id) : options.phantom;
}

PetOptions quiet(const NemaOptions& options, double activity_bq) {
  PetOptions o;
  o.seed = options.seed;
  o.duration_s = options.decays / activity_bq;
  o.background = false;  // the standards subtract it
  o.delayed = false;
  return o;
}

}  // namespace

std::string nema_subject(const std::string& scanner_id) {
  const auto& species = catalogue::scanner(scanner_id).species;
  return std::find(species.begin(), species.end(), "human") != species.end() ? "human" : "mouse";
}

PetScanner nema_scanner(const std::string& id, const NemaOptions& options) {
  auto s = pet_scanner(id);
  if (options.energy_low_kev >= 0) s.energy_low_kev = options.energy_low_kev;
  if (options.energy_high_kev >= 0) s.energy_high_kev = options.energy_high_kev;
  if (!(s.energy_low_kev < s.energy_high_kev))
    refuse("the energy window {:g} to {:g} keV is empty", s.energy_low_kev, s.energy_high_kev);
  if (options.most_ring_difference >= 0) s.most_ring_difference = options.most_ring_difference;
  return s;
}

Sensitivity nema_sensitivity(const std::string& scanner_id, const NemaOptions& options,
                             const core::Progress& progress) {
  const bool human = nema_subject(scanner_id) == "human";
  const auto phantom = human ? line_in_air(700) : nu4_point_source();
  const PetAcquisition scan(nema_scanner(scanner_id, options),
                            phantom.with(kSource, kLowActivityBq), quiet(options, kLowActivityBq));
  const auto counts = acquire(
      scan, [](std::uint32_t, const auto&) {}, 0, progress);
  // NU 4 divides by the positrons of 22Na, NU 2 by the decays of 18F
  const double positrons = human ? 1 : nuclide::find(kSource).positron_fraction;
  const double n = static_cast<double>(counts.decays) * positrons;
  const double seen = static_cast<double>(counts.trues + counts.scattered);
  Sensitivity s;
  s.method =
      human ? "NU 2-2018, line of 70 cm on the axis" : "NU 4-2008, point in acrylic at the centre";
  s.cps_per_bq = seen / n;
  s.sd = std::sqrt(seen) / n;
  return s;
}

ScatterFraction nema_scatter_fraction(const std::string& scanner_id, const NemaOptions& options,
                                      const core::Progress& progress) {
  ScatterFraction s;
  s.phantom = phantom_of(scanner_id, options);
  const bool human = s.phantom == "human";
  const auto phantom = nema_scatter_phantom(s.phantom);
  const auto scanner = nema_scanner(scanner_id, options);
  // NU 2: bins within 12 cm of the axis; NU 4: within 8 mm of the phantom's edge
  const double radius = human ? 120 : (s.phantom == "rat" ? 25 : 12.5) + 8;
  NemaSinogram sinogram(radius, human ? 2 : 0.5, human ? 320 : 160);
  const PetAcquisition scan(scanner, phantom.with(kSource, kLowActivityBq),
                            quiet(options, kLowActivityBq));
  const auto counts = acquire(
      scan,
      [&](std::uint32_t, const std::vector<records::ListModeEvent>& events) {
        for (const auto& e : events) sinogram.add(scanner.geometry, e);
      },
      0, progress);
  const auto split = sinogram.split(human ? 40 : 14);
  const auto sd = [](double part, double all) {
    return all > 0 ? std::sqrt(part * (1 - part) / all) : 0;
  };
  const double pairs = static_cast<double>(counts.trues + counts.scattered);
  if (pairs <= 0 || split.total <= 0)
    refuse("scanner {}: no coincidence was seen; raise --decays", scanner_id);
  s.nema = split.scatter / split.total;
  s.nema_sd = sd(s.nema, split.total);
  s.truth = static_cast<double>(counts.scattered) / pairs;
  s.truth_sd = sd(s.truth, pairs);
  return s;
}

std::vector<CountRate> nema_count_rate(const std::string& scanner_id, const NemaOptions& options,
                                       const std::vector<double>& activities_bq,
                                       const core::Progress& progress) {
  const auto phantom = nema_scatter_phantom(phantom_of(scanner_id, options));
  std::vector<CountRate> rates;
  for (const double activity : activities_bq) {
    if (!(activity > 0)) refuse("an activity of {:g} Bq gives no counts", activity);
    const auto o = quiet(options, activity);
    const PetAcquisition scan(nema_scanner(scanner_id, options), phantom.with("F-18", activity), o);
    const auto c = acquire(
        scan, [](std::uint32_t, const auto&) {}, 0, progress);
    CountRate r;
    r.activity_bq = activity;
    r.trues_per_s = static_cast<double>(c.trues) / o.duration_s;
    r.scattered_per_s = static_cast<double>(c.scattered) / o.duration_s;
    r.randoms_per_s = static_cast<double>(c.randoms) / o.duration_s;
    const double all = r.trues_per_s + r.scattered_per_s + r.randoms_per_s;
    r.noise_equivalent_per_s = all > 0 ? r.trues_per_s * r.trues_per_s / all : 0;
    r.dead_fraction =
        c.hits > 0 ? static_cast<double>(c.lost_dead + c.piled_up) / static_cast<double>(c.hits)
                   : 0;
    rates.push_back(r);
  }
  return rates;
}

}  // namespace sojourn::simulate
