#include "sojourn/fate/kinetics_compartments.h"

#include <cmath>
#include <limits>

#include "sojourn/core/error.h"

namespace sojourn::fate::kinetics {

TissueResponse response(const TissueRates& rates) {
  const double k1 = rates.k1_per_s, k2 = rates.k2_per_s, k3 = rates.k3_per_s, k4 = rates.k4_per_s;
  if (!(k1 >= 0 && k2 >= 0 && k3 >= 0 && k4 >= 0 && std::isfinite(k1 + k2 + k3 + k4)))
    throw Error(ErrorCode::bad_value,
                fmt::format("rates {} {} {} {} 1/s (they must be >= 0)", k1, k2, k3, k4));
  if (k3 == 0) return {{k1, 0}, {k2, 0}};
  // (k2 + k3 + k4)² − 4 k2 k4, written so that nothing cancels
  const double sum = k2 + k3 + k4;
  const double spread = std::sqrt((k2 - k4) * (k2 - k4) + k3 * (k3 + 2 * (k2 + k4)));
  const double fast = (sum + spread) / 2, slow = k2 * k4 / fast;
  return {{k1 * (k3 + k4 - slow) / spread, k1 * (fast - k3 - k4) / spread}, {slow, fast}};
}

std::vector<double> tissue_means(const TissueRates& rates, const InputInFrames& input) {
  const double blood_fraction = rates.blood_fraction;
  if (!(blood_fraction >= 0 && blood_fraction <= 1))
    throw Error(ErrorCode::bad_value,
                fmt::format("a blood fraction of {} (it must lie in [0, 1])", blood_fraction));
  const auto terms = response(rates);
  std::vector<double> means(input.blood.mean().size(), 0.0);
  for (int k = 0; k < 2; ++k) {
    if (terms.amplitude[k] == 0) continue;
    const auto part = input.plasma.convolved(terms.rate_per_s[k]);
    for (std::size_t f = 0; f < means.size(); ++f)
      means[f] += (1 - blood_fraction) * terms.amplitude[k] * part[f];
  }
  for (std::size_t f = 0; f < means.size(); ++f) means[f] += blood_fraction * input.blood.mean()[f];
  return means;
}

double volume_of_distribution(TissueModel model, const TissueRates& rates) {
  const double one = rates.k1_per_s / rates.k2_per_s;
  switch (model) {
    case TissueModel::one_tissue:
      return one;
    case TissueModel::two_tissue_irreversible:
      break;
    case TissueModel::two_tissue_reversible:
      return one * (1 + rates.k3_per_s / rates.k4_per_s);
  }
  return std::numeric_limits<double>::infinity();
}

double net_influx_per_s(const TissueRates& rates) {
  return rates.k1_per_s * rates.k3_per_s / (rates.k2_per_s + rates.k3_per_s);
}

}  // namespace sojourn::fate::kinetics
