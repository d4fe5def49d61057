#include "sojourn/numerics/chain_diagnostics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/numerics/statistics.h"

namespace sojourn::numerics {
namespace {

constexpr std::size_t kFewest = 4;  // two draws in each half

void check(const Chains& chains) {
  if (chains.empty() || chains[0].size() < kFewest)
    throw Error(
        ErrorCode::shape_mismatch,
        fmt::format("chain diagnostics: {} chains of {} draws (at least one of {} is needed)",
                    chains.size(), chains.empty() ? 0 : chains[0].size(), kFewest));
  for (const auto& chain : chains) {
    if (chain.size() != chains[0].size())
      throw Error(ErrorCode::shape_mismatch,
                  fmt::format("chain diagnostics: chains of {} and {} draws (all must be equal)",
                              chains[0].size(), chain.size()));
    for (const double v : chain)
      if (!std::isfinite(v))
        throw Error(ErrorCode::bad_value, "chain diagnostics: a draw is not finite");
  }
}

Chains halves(const Chains& chains) {
  Chains result;
  for (const auto& chain : chains) {
    const auto half = static_cast<std::ptrdiff_t>(chain.size() / 2);
    result.emplace_back(chain.begin(), chain.begin() + half);
    result.emplace_back(chain.end() - half, chain.end());
  }
  return result;
}

std::vector<double> pooled(const Chains& chains) {
  std::vector<double> all;
  for (const auto& chain : chains) all.insert(all.end(), chain.begin(), chain.end());
  return all;
}

/// Average ranks among all draws, then normal scores: z = Phi^-1((r - 3/8) / (S + 1/4)).
Chains rank_normalised(const Chains& chains) {
  const auto all = pooled(chains);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return all[a] < all[b]; });
  std::vector<double> score(all.size());
  const double size = static_cast<double>(all.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last < order.size() && all[order[last]] == all[order[first]]) ++last;
    const double rank = (static_cast<double>(first + last) + 1) / 2;  // ties share their mean rank
    const double z = normal_quantile((rank - 0.375) / (size + 0.25));
    for (; first < last; ++first) score[order[first]] = z;
  }
  Chains result = chains;
  std::size_t next = 0;
  for (auto& chain : result)
    for (double& v : chain) v = score[next++];
  return result;
}

double square(double x) { return x * x; }

/// Within-chain variance W, the variance of the chains' means B/n, and var+ = (n - 1)/n W + B/n.
struct Variances {
  double within = 0, of_means = 0, total = 0;
  std::vector<double> means;
};

Variances variances(const Chains& chains) {
  Variances v;
  const double n = static_cast<double>(chains[0].size());
  for (const auto& chain : chains) {
    v.means.push_back(mean(chain));
    v.within += square(standard_deviation(chain)) / static_cast<double>(chains.size());
  }
  v.of_means = square(standard_deviation(v.means));
  v.total = v.within * (n - 1) / n + v.of_means;
  return v;
}

double r_hat(const Chains& chains) {
  const Variances v = variances(chains);
  if (v.total == 0) return 1;
  if (v.within == 0) return std::numeric_limits<double>::infinity();
  return std::sqrt(v.total / v.within);
}

/// Autocovariance at a lag, averaged over chains (divided by n, not n - lag).
double autocovariance(const Chains& chains, const std::vector<double>& means, std::size_t lag) {
  double sum = 0;
  for (std::size_t c = 0; c < chains.size(); ++c) {
    const auto& x = chains[c];
    double products = 0;
    for (std::size_t i = lag; i < x.size(); ++i)
      products += (x[i] - means[c]) * (x[i - lag] - means[c]);
    sum += products / static_cast<double>(x.size());
  }
  return sum / static_cast<double>(chains.size());
}

/// Draws over the integrated autocorrelation time; sums of neighbouring pairs are kept while they
/// are positive, and made to fall (Geyer 1992, doi:10.1214/ss/1177011137).
double size_of(const Chains& chains) {
  const std::size_t n = chains[0].size();
  const Variances v = variances(chains);
  const double draws = static_cast<double>(n * chains.size());
  if (v.total == 0) return 0;
  const auto correlation = [&](std::size_t lag) {
    return 1 - (v.within - autocovariance(chains, v.means, lag)) / v.total;
  };
  double even = 1, odd = n > 1 ? correlation(1) : 0;
  double pair = even + odd, sum = 0;
  std::size_t lag = 0;
  while (pair > 0 && lag + 5 < n) {
    sum += pair;
    lag += 2;
    even = correlation(lag);
    odd = correlation(lag + 1);
    if (even + odd < 0) break;
    pair = std::min(pair, even + odd);
  }
  const double time = -1 + 2 * sum + std::max(even, 0.0);
  // antithetic chains may beat independent draws, but not without bound
  return draws / std::max(time, 1 / std::log10(std::max(draws, 10.0)));
}

double indicator_size(const Chains& chains, double limit) {
  Chains below = chains;
  for (auto& chain : below)
    for (double& v : chain) v = v <= limit ? 1 : 0;
  return size_of(halves(below));
}

}  // namespace

double split_r_hat(const Chains& chains) {
  check(chains);
  return r_hat(halves(chains));
}

double rank_r_hat(const Chains& chains) {
  check(chains);
  const double middle = quantile(pooled(chains), 0.5);
  Chains folded = chains;
  for (auto& chain : folded)
    for (double& v : chain) v = std::abs(v - middle);
  return std::max(r_hat(rank_normalised(halves(chains))), r_hat(rank_normalised(halves(folded))));
}

double effective_size(const Chains& chains) {
  check(chains);
  return size_of(halves(chains));
}

double bulk_effective_size(const Chains& chains) {
  check(chains);
  return size_of(rank_normalised(halves(chains)));
}

double tail_effective_size(const Chains& chains) {
  check(chains);
  const auto all = pooled(chains);
  return std::min(indicator_size(chains, quantile(all, 0.05)),
                  indicator_size(chains, quantile(all, 0.95)));
}

}  // namespace sojourn::numerics
