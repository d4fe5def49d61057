#include "sojourn/fate/sampling_coordinates.h"

#include <cmath>

namespace sojourn::fate {
namespace {

/// ln(1 / (1 + exp(-x))), without overflow.
double ln_logistic(double x) {
  return x > 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

double score(double ln_value, const LogNormal& belief) {
  return (ln_value - std::log(belief.median)) / belief.ln_sd;
}
double ln_value(double z, const LogNormal& belief) {
  return std::log(belief.median) + belief.ln_sd * z;
}

}  // namespace

// the scale of the sum is the background's median: any constant would do

std::vector<double> SamplingCoordinates::scores(std::span<const double> w) const {
  std::vector<double> z(w.begin(), w.end());
  for (const auto& p : shared_) {
    const double ln_sum = w[p.residents] + std::log(p.background_bq.median), s = w[p.background];
    z[p.residents] =
        score(ln_sum + ln_logistic(s) - ln_value(w[p.uptake], p.uptake_bq), p.resident_cells);
    z[p.background] = score(ln_sum + ln_logistic(-s), p.background_bq);
  }
  return z;
}

std::vector<double> SamplingCoordinates::coordinates(std::span<const double> z) const {
  std::vector<double> w(z.begin(), z.end());
  for (const auto& p : shared_) {
    const double signal =
        ln_value(z[p.residents], p.resident_cells) + ln_value(z[p.uptake], p.uptake_bq);
    const double background = ln_value(z[p.background], p.background_bq);
    const double s = signal - background;
    w[p.background] = s;
    w[p.residents] = background - ln_logistic(-s) - std::log(p.background_bq.median);
  }
  return w;
}

void SamplingCoordinates::pull(std::span<const double> w, std::span<double> g) const {
  for (const auto& p : shared_) {
    const double by_residents = g[p.residents] / p.resident_cells.ln_sd;
    const double by_background = g[p.background] / p.background_bq.ln_sd;
    const double share = std::exp(ln_logistic(w[p.background]));  // of N u in the sum
    g[p.residents] = by_residents + by_background;
    g[p.background] = by_residents * (1 - share) - by_background * share;
    g[p.uptake] -= by_residents * p.uptake_bq.ln_sd;
  }
}

}  // namespace sojourn::fate
