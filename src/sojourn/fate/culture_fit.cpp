#include "sojourn/fate/culture_fit.h"

#include <algorithm>
#include <cmath>

#include "sojourn/numerics/linear_system.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

/// One series as a weighted slope: (Σ t y / s²) / (Σ t² / s²) and its weight, in seconds.
struct Slope {
  double value = 0, weight = 0;
  RateTriple coefficients{};
};

std::vector<Slope> slopes_of(const std::vector<CultureSeries>& series) {
  std::vector<Slope> slopes;
  for (const auto& s : series) {
    double ty = 0, tt = 0;
    for (const auto& p : s.points) {
      const double t = p.hours * units::kSecondsPerHour, sd = p.sd / p.value;
      ty += t * std::log(p.value) / (sd * sd);
      tt += t * t / (sd * sd);
    }
    if (tt > 0) slopes.push_back({ty / tt, tt, s.coefficients});
  }
  return slopes;
}

/// Normal equations of the open rates at theta.
struct Normal {
  std::vector<double> matrix, right;
};

Normal normal_at(const RateTriple& theta, const RateTriple& median, const RateTriple& ln_sd,
                 const std::vector<std::size_t>& open, const std::vector<Slope>& slopes) {
  const std::size_t n = open.size();
  Normal result{std::vector<double>(n * n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    const double precision = 1 / (ln_sd[open[i]] * ln_sd[open[i]]);
    result.matrix[i * n + i] += precision;
    result.right[i] -= precision * (theta[open[i]] - std::log(median[open[i]]));
  }
  for (const auto& slope : slopes) {
    const auto rate = [&](std::size_t k) { return median[k] > 0 ? std::exp(theta[k]) : 0.0; };
    double predicted = 0;
    for (std::size_t k = 0; k < kCultureRates; ++k) predicted += slope.coefficients[k] * rate(k);
    for (std::size_t i = 0; i < n; ++i) {
      const double gradient = slope.coefficients[open[i]] * rate(open[i]) * slope.weight;
      result.right[i] += gradient * (slope.value - predicted);
      for (std::size_t j = 0; j < n; ++j)
        result.matrix[i * n + j] += gradient * slope.coefficients[open[j]] * rate(open[j]);
    }
  }
  return result;
}

/// Scales to a unit diagonal: precise data must not look like a singular matrix.
std::vector<double> scale(Normal& normal, std::size_t n) {
  std::vector<double> root(n);
  for (std::size_t i = 0; i < n; ++i) root[i] = std::sqrt(normal.matrix[i * n + i]);
  for (std::size_t i = 0; i < n; ++i) {
    normal.right[i] /= root[i];
    for (std::size_t j = 0; j < n; ++j) normal.matrix[i * n + j] /= root[i] * root[j];
  }
  return root;
}

}  // namespace

CultureFit fit_culture(const RateTriple& median, const RateTriple& ln_sd,
                       const std::vector<CultureSeries>& series) {
  CultureFit fit;
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < kCultureRates; ++k) {
    fit.ln_rate[k] = median[k] > 0 ? std::log(median[k]) : 0;
    if (median[k] > 0 && ln_sd[k] > 0) open.push_back(k);
  }
  const auto slopes = slopes_of(series);
  const std::size_t n = open.size();
  if (n == 0) return fit;
  constexpr int kSteps = 500;
  for (int step = 0; step < kSteps; ++step) {
    Normal normal = normal_at(fit.ln_rate, median, ln_sd, open, slopes);
    const auto root = scale(normal, n);
    const auto change = numerics::solve(normal.matrix, normal.right);
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double move = std::clamp(change[i] / root[i], -0.5, 0.5);
      fit.ln_rate[open[i]] += move;
      largest = std::max(largest, std::abs(move));
    }
    const auto inverse = numerics::inverse(normal.matrix, n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        fit.covariance[open[i]][open[j]] = inverse[i * n + j] / (root[i] * root[j]);
    if (largest < 1e-10) break;
  }
  return fit;
}

RateMatrix cholesky(const RateMatrix& m) {
  RateMatrix lower{};
  for (std::size_t i = 0; i < kCultureRates; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = m[i][j];
      for (std::size_t k = 0; k < j; ++k) rest -= lower[i][k] * lower[j][k];
      if (i == j)
        lower[i][j] = std::sqrt(std::max(0.0, rest));
      else
        lower[i][j] = lower[j][j] > 0 ? rest / lower[j][j] : 0;
    }
  }
  return lower;
}

}  // namespace sojourn::fate
