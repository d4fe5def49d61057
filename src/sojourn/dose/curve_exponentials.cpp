#include "sojourn/dose/curve_exponentials.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "sojourn/core/error.h"
#include "sojourn/numerics/curve_fit.h"

namespace sojourn::dose::detail {
namespace {

using numerics::FitParameter;

/// Terms as pairs (size, rate above decay) in the parameters: uptake is one size and two rates.
struct Term {
  double size = 0, rate = 0;
};

std::vector<Term> terms_of(const std::string& model, std::span<const double> p, double decay) {
  if (model == "uptake") return {{p[0], decay + p[1]}, {-p[0], decay + p[1] + p[2]}};
  std::vector<Term> terms;
  for (std::size_t i = 0; i + 1 < p.size(); i += 2) terms.push_back({p[i], decay + p[i + 1]});
  return terms;
}

double value_at(const std::vector<Term>& terms, double hours) {
  double sum = 0;
  for (const auto& t : terms) sum += t.size * std::exp(-t.rate * hours);
  return sum;
}

double integral_of(const std::vector<Term>& terms, double from_hours = 0) {
  double sum = 0;
  for (const auto& t : terms) sum += t.size / t.rate * std::exp(-t.rate * from_hours);
  return sum;
}

/// Starts spread over the times of the points: fast terms leave within the first of them.
std::vector<FitParameter> starts(const std::string& model, const std::vector<CurvePoint>& points) {
  double most = 0;
  for (const auto& p : points) most = std::max(most, p.value);
  const double last = points.back().hours;
  const double first = std::max(points.front().hours, last / 100);
  const double inf = std::numeric_limits<double>::infinity();
  const auto size = [&](double share) { return FitParameter{share * most, 0, inf}; };
  const auto rate = [&](double per_h) { return FitParameter{per_h, 0, inf}; };
  if (model == "mono") return {size(1), rate(0.3 / last)};
  if (model == "uptake") return {size(1.2), rate(0.1 / last), rate(1 / first)};
  if (model == "bi") return {size(0.5), rate(0.1 / last), size(0.5), rate(3 / last)};
  SOJOURN_EXPECT(model == "tri");
  const double middle = std::sqrt(first * last);
  return {size(0.4), rate(0.1 / last), size(0.3), rate(1 / middle), size(0.3), rate(2 / first)};
}

/// Gradient of the integral times the covariance, by small differences.
double sd_of_integral(const numerics::CurveFit& fit, const std::string& model, double decay) {
  const std::size_t n = fit.value.size();
  std::vector<double> gradient(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    auto p = fit.value;
    const double step = std::max(1e-6 * std::abs(p[i]), 1e-12);
    p[i] += step;
    gradient[i] =
        (integral_of(terms_of(model, p, decay)) - integral_of(terms_of(model, fit.value, decay))) /
        step;
  }
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      variance += gradient[i] * gradient[j] * fit.covariance[i * n + j];
  return std::sqrt(std::max(variance, 0.0));
}

/// With known standard deviations chi² + 2p + correction; else n ln(RSS/n) with the variance as one
/// more parameter.
std::optional<double> criterion(double squares, std::size_t n_points, std::size_t n_parameters,
                                bool known_sd) {
  const auto n = static_cast<double>(n_points);
  const double k = static_cast<double>(n_parameters) + (known_sd ? 0 : 1);
  if (n - k - 1 <= 0) return std::nullopt;
  const double likelihood = known_sd ? squares : n * std::log(std::max(squares / n, 1e-300));
  return likelihood + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

}  // namespace

std::optional<ExponentialFit> fit_exponentials(const std::vector<CurvePoint>& points,
                                               const std::string& model, double decay_per_h) {
  const auto parameters = starts(model, points);
  if (points.size() < parameters.size() + 1) return std::nullopt;
  const bool known_sd =
      std::all_of(points.begin(), points.end(), [](const auto& p) { return p.sd && *p.sd > 0; });
  double most = 0;
  for (const auto& p : points) most = std::max(most, p.value);
  // without sd: errors in proportion to the value, with a floor for values near zero
  const auto unit = [&](const CurvePoint& p) {
    return known_sd ? *p.sd : std::max(p.value, 0.02 * most);
  };
  const auto fit = numerics::fit_curve(
      [&](std::span<const double> p, std::span<double> residuals) {
        const auto terms = terms_of(model, p, decay_per_h);
        for (std::size_t i = 0; i < points.size(); ++i)
          residuals[i] = (value_at(terms, points[i].hours) - points[i].value) / unit(points[i]);
      },
      points.size(), parameters,
      known_sd ? numerics::ResidualUnit::standard_deviation
               : numerics::ResidualUnit::relative_weight);
  if (fit.status != numerics::FitStatus::converged) return std::nullopt;
  // a term without a determined size or rate is no term
  for (std::size_t i = 0; i < fit.value.size(); ++i)
    if (!std::isfinite(fit.standard_error[i])) return std::nullopt;
  const auto terms = terms_of(model, fit.value, decay_per_h);
  ExponentialFit result;
  result.candidate.model = model;
  result.candidate.integral = integral_of(terms);
  result.candidate.sd = sd_of_integral(fit, model, decay_per_h);
  result.candidate.aicc =
      criterion(fit.weighted_squares, points.size(), parameters.size(), known_sd);
  result.tail = integral_of(terms, points.back().hours);
  if (!(result.candidate.integral > 0) || !std::isfinite(result.candidate.sd)) return std::nullopt;
  return result;
}

}  // namespace sojourn::dose::detail
