#include "sojourn/fate/label_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

/// Taylor series around the smallest rate: sum over k of (-t)^k / k! h_(k-n)(x - x_0), h the
/// complete symmetric polynomial. For spread · t <= 1 its terms fall faster than 1 / k!.
double series(std::span<const double> sorted, double t) {
  const std::size_t order = sorted.size() - 1;
  constexpr std::size_t kTerms = 24;  // 1 / 24! is far below rounding
  std::array<double, kTerms> h{};
  h[0] = 1;
  for (const double x : sorted)
    for (std::size_t k = 1; k < kTerms; ++k) h[k] += (x - sorted[0]) * t * h[k - 1];
  double factor = std::exp(-sorted[0] * t), sum = 0;
  for (std::size_t k = 1; k <= order; ++k) factor *= t / static_cast<double>(k);
  for (std::size_t k = 0; k < kTerms; ++k) {
    sum += (k % 2 == 0 ? factor : -factor) * h[k];
    factor /= static_cast<double>(order + k + 1);
  }
  return sum;
}

double response(std::span<const double> sorted, double t) {
  if (sorted.size() == 1) return std::exp(-sorted[0] * t);
  const double spread = sorted.back() - sorted.front();
  if (spread * t <= 1) return series(sorted, t);
  return (response(sorted.first(sorted.size() - 1), t) - response(sorted.subspan(1), t)) / spread;
}

double cleared(const Rates& rates, const Start& whole, std::span<const Dose> doses, double t_s) {
  return superpose(rates, whole, doses, t_s).cleared_bq;
}

}  // namespace

double chain_response(std::vector<double> rates, double t) {
  SOJOURN_EXPECT(!rates.empty() && t >= 0);
  std::sort(rates.begin(), rates.end());
  return response(rates, t);
}

Routes normalised(Routes routes) {
  const double sum = routes.bone + routes.liver + routes.kidney + routes.excreted;
  if (sum <= 1) return routes;
  return {routes.bone / sum, routes.liver / sum, routes.kidney / sum, routes.excreted / sum};
}

Amounts propagate_label(const Rates& rates, const Start& start, double t_s) {
  SOJOURN_EXPECT(t_s >= 0);
  const double death = rates.death_per_s, phi = rates.phagocytosed_fraction;
  const double loss = death + rates.efflux_per_s, r = rates.debris_release_per_s,
               kappa = rates.free_clearance_per_s;
  Amounts a;
  a.cells = start.cells * std::exp((rates.division_per_s - death) * t_s);
  a.live_bq = start.live_bq * std::exp(-loss * t_s);
  a.debris_bq = start.debris_bq * std::exp(-r * t_s) +
                start.live_bq * phi * death * chain_response({loss, r}, t_s);
  const double direct =
      rates.efflux_per_s + (1 - phi) * death;  // from living cells straight to plasma
  a.free_bq = start.free_bq * std::exp(-kappa * t_s) +
              start.live_bq * direct * chain_response({loss, kappa}, t_s) +
              start.debris_bq * r * chain_response({r, kappa}, t_s) +
              start.live_bq * phi * death * r * chain_response({loss, r, kappa}, t_s);
  // what is nowhere else has been cleared: label is conserved
  const double total = start.live_bq + start.debris_bq + start.free_bq;
  a.cleared_bq = std::max(0.0, total - a.live_bq - a.debris_bq - a.free_bq);
  return a;
}

Amounts superpose(const Rates& rates, const Start& whole, std::span<const Dose> doses, double t_s) {
  Amounts sum;
  for (const auto& dose : doses) {
    if (t_s < dose.at_s) continue;
    const Start part{whole.cells * dose.share, whole.live_bq * dose.share,
                     whole.debris_bq * dose.share, whole.free_bq * dose.share};
    const Amounts a = propagate_label(rates, part, t_s - dose.at_s);
    sum.cells += a.cells;
    sum.live_bq += a.live_bq;
    sum.debris_bq += a.debris_bq;
    sum.free_bq += a.free_bq;
    sum.cleared_bq += a.cleared_bq;
  }
  return sum;
}

Deposits deposits(const Rates& rates, const Start& whole, std::span<const Dose> doses,
                  const Routes& routes, const std::optional<Detour>& detour, double t_s) {
  double usual = cleared(rates, whole, doses, t_s), detoured = 0;
  if (detour && detour->start_s < t_s && detour->stop_s > detour->start_s) {
    detoured = cleared(rates, whole, doses, std::min(t_s, detour->stop_s)) -
               cleared(rates, whole, doses, detour->start_s);
    detoured = std::clamp(detoured, 0.0, usual);
    usual -= detoured;
  }
  const Routes other = detour ? detour->routes : routes;
  return {usual * routes.bone + detoured * other.bone,
          usual * routes.liver + detoured * other.liver,
          usual * routes.kidney + detoured * other.kidney,
          usual * routes.rest() + detoured * other.rest(),
          usual * routes.excreted + detoured * other.excreted};
}

}  // namespace sojourn::fate
