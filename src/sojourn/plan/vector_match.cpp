#include "sojourn/plan/vector_match.h"

#include <algorithm>
#include <cmath>

#include "sojourn/nuclide/nuclide.h"
#include "sojourn/plan/constants.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

constexpr double kFirst_s = 60, kLast_s = 1000 * units::kSecondsPerHour;
constexpr int kTimes = 1200, kHalfLives = 120;

double geometric(double low, double high, int i, int n) {
  return low * std::pow(high / low, static_cast<double>(i) / (n - 1));
}

}  // namespace

BestImage best_image(const fate::ProbeKinetics& k, double half_life_s) {
  const auto& c = noise_constants();
  const double lambda = std::log(2.0) / half_life_s;
  // the same decays in the body as 18F: a short half-life takes more activity
  const double counts = c.match_counts * nuclide::find("F-18").half_life_s / half_life_s;
  BestImage best;
  for (int i = 0; i < kTimes; ++i) {
    const double t = geometric(kFirst_s, kLast_s, i, kTimes);
    const double signal = captured_suv(k, t);
    const double background =
        c.match_blood * plasma_suv(k, t) + k.interstitial_fraction * interstitial_suv(k, t);
    const double variance = (signal + background) * std::exp(lambda * t) / counts +
                            std::pow(c.match_clutter * background, 2);
    const double value = signal / std::sqrt(variance);
    if (value > best.signal_to_noise) best = {t, value};
  }
  return best;
}

double nuclide_match(const fate::ProbeKinetics& k, double half_life_s) {
  double best = 0;
  for (int i = 0; i < kHalfLives; ++i)
    best = std::max(best,
                    best_image(k, geometric(0.3 * units::kSecondsPerHour, kLast_s, i, kHalfLives))
                        .signal_to_noise);
  return std::min(1.0, best_image(k, half_life_s).signal_to_noise / best);
}

}  // namespace sojourn::plan
