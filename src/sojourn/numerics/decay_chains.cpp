#include "sojourn/numerics/decay_chains.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

constexpr std::size_t kTerms = 20;

/// Terms that leave the Taylor series below rounding, for rates within `reach` / t of its centre:
/// reach^k / k! < 1e-17.
std::size_t terms_for(double reach) {
  if (reach < 1e-3) return 6;
  if (reach < 0.05) return 9;
  if (reach < 0.3) return 13;
  return kTerms;
}

/// The stage whose rate lies farthest from `rate`, and that distance.
template <std::size_t N>
std::pair<std::size_t, double> farthest(const std::array<double, N>& rates, double rate,
                                        unsigned stages) {
  std::size_t best = 0;
  double distance = -1;
  for (unsigned left = stages; left != 0; left &= left - 1) {
    const auto j = static_cast<std::size_t>(std::countr_zero(left));
    const double d = std::abs(rates[j] - rate);
    if (d > distance) best = j, distance = d;
  }
  return {best, distance};
}

}  // namespace

DecayChains::DecayChains(std::span<const double> shared, double t) : t_(t) {
  SOJOURN_EXPECT(shared.size() <= kMost && t >= 0);
  for (std::size_t j = 0; j < shared.size(); ++j) {
    rates_[j] = shared[j];
    decays_[j] = std::exp(-shared[j] * t);
  }
}

double DecayChains::shared(Stages stages) {
  SOJOURN_EXPECT(stages != 0 && stages < known_.size());
  if (known_[stages]) return found_[stages];
  const auto first = static_cast<std::size_t>(std::countr_zero(stages));
  const double value = with(rates_[first], decays_[first], stages & (stages - 1));
  found_[stages] = value;
  known_[stages] = true;
  return value;
}

double DecayChains::with(double rate, double decay, Stages stages) {
  if (stages == 0) return decay;
  const auto [j, distance] = farthest(rates_, rate, stages);
  if (distance * t_ <= 1) return series(rate, decay, stages);
  return (with(rate, decay, stages & ~(1U << j)) - shared(stages)) / (rates_[j] - rate);
}

double DecayChains::series(double centre, double decay, Stages stages) const {
  // sum over k of (-1)^k t^n / (n + k)! h_k((x - centre) t), h the complete symmetric polynomials
  const double reach = farthest(rates_, centre, stages).second * t_;
  const std::size_t terms = terms_for(reach);
  std::array<double, kTerms> h{};
  h[0] = 1;
  double factor = decay, order = 0;
  for (Stages left = stages; left != 0; left &= left - 1) {
    const double x = (rates_[static_cast<std::size_t>(std::countr_zero(left))] - centre) * t_;
    for (std::size_t k = 1; k < terms; ++k) h[k] += x * h[k - 1];
    order += 1;
    factor *= t_ / order;
  }
  double sum = 0;
  for (std::size_t k = 0; k < terms; ++k) {
    sum += (k % 2 == 0 ? factor : -factor) * h[k];
    factor /= order + static_cast<double>(k) + 1;
  }
  return sum;
}

}  // namespace sojourn::numerics
