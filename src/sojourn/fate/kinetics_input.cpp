#include "sojourn/fate/kinetics_input.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/fate/kinetics_convolution.h"

namespace sojourn::fate::kinetics {
namespace {

/// Slope at `centre` of the parabola through, or closest to, samples [first, last].
double parabola_slope(const Curve& curve, std::size_t centre, std::size_t first, std::size_t last) {
  std::vector<std::vector<double>> columns(3);
  std::vector<double> y;
  const double scale = curve.time_s[last] - curve.time_s[first];
  for (std::size_t i = first; i <= last; ++i) {
    const double t = (curve.time_s[i] - curve.time_s[centre]) / scale;
    columns[0].push_back(1);
    columns[1].push_back(t);
    columns[2].push_back(t * t);
    y.push_back(curve.value[i]);
  }
  return numerics::fit_linear(columns, y).value[1] / scale;
}

/// Amplitudes in parts of the peak and logarithms of rates, a decade apart at the start.
std::vector<numerics::FitParameter> tail_start(double length_s, std::size_t n_terms) {
  const double unlimited = std::numeric_limits<double>::infinity();
  std::vector<numerics::FitParameter> parameters;
  for (std::size_t k = 0; k < n_terms; ++k) {
    const double rate = (n_terms == 1 ? 3 : 50) / length_s / std::pow(10.0, static_cast<double>(k));
    parameters.push_back({1.0 / static_cast<double>(n_terms), 0, unlimited});
    parameters.push_back({std::log(rate), -30, 5});
  }
  return parameters;
}

}  // namespace

Curve parent_plasma(const Curve& total_plasma, const Curve& parent_fraction) {
  check(total_plasma, "total plasma");
  check(parent_fraction, "parent fraction");
  for (std::size_t i = 0; i < parent_fraction.value.size(); ++i)
    if (!(parent_fraction.value[i] >= 0 && parent_fraction.value[i] <= 1))
      refuse("sample {} of the parent fraction is {} (it must lie in [0, 1], not in percent)",
             i + 1, parent_fraction.value[i]);
  Curve fraction = parent_fraction;
  if (fraction.time_s.front() > total_plasma.time_s.front()) {
    fraction.time_s.insert(fraction.time_s.begin(), total_plasma.time_s.front());
    fraction.value.insert(fraction.value.begin(), 1.0);
  }
  if (fraction.time_s.back() < total_plasma.time_s.back()) {
    fraction.time_s.push_back(total_plasma.time_s.back());
    fraction.value.push_back(fraction.value.back());
  }
  return product(total_plasma, fraction);
}

ExponentialTail fit_exponential_tail(const Curve& curve, double until_s, std::size_t n_terms) {
  check(curve, "a curve with a tail");
  if (n_terms < 1 || n_terms > 3)
    refuse("{} exponentials for a tail (1 to 3 are told apart)", n_terms);
  const auto peak_at = std::max_element(curve.value.begin(), curve.value.end());
  const auto first = static_cast<std::size_t>(peak_at - curve.value.begin());
  const std::size_t n = curve.value.size() - first;
  if (n < 2 * n_terms || !(*peak_at > 0))
    refuse(
        "{} samples from the peak on do not determine {} exponentials (a positive peak and {} are "
        "needed)",
        n, n_terms, 2 * n_terms);
  const double peak = *peak_at, from = curve.time_s[first];
  const auto tail = [&](std::span<const double> p, double t) {
    double sum = 0;
    for (std::size_t k = 0; k < n_terms; ++k)
      sum += peak * p[2 * k] * std::exp(-std::exp(p[2 * k + 1]) * (t - from));
    return sum;
  };
  const auto residuals = [&](std::span<const double> p, std::span<double> r) {
    for (std::size_t i = 0; i < n; ++i) {
      const double value = curve.value[first + i];
      r[i] = (value - tail(p, curve.time_s[first + i])) / std::sqrt(std::max(value, 0.01 * peak));
    }
  };
  const auto fit =
      numerics::fit_curve(residuals, n, tail_start(curve.time_s.back() - from, n_terms));
  ExponentialTail result;
  result.status = fit.status;
  std::vector<std::size_t> order(n_terms);
  for (std::size_t k = 0; k < n_terms; ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fit.value[2 * a + 1] > fit.value[2 * b + 1];
  });
  for (const std::size_t k : order) {
    result.amplitude.push_back(peak * fit.value[2 * k]);
    result.rate_per_s.push_back(std::exp(fit.value[2 * k + 1]));
  }
  for (std::size_t i = 0; i < n; ++i)
    result.residual.push_back(curve.value[first + i] - tail(fit.value, curve.time_s[first + i]));
  for (std::size_t i = 0; i < first; ++i) {
    result.curve.time_s.push_back(curve.time_s[i]);
    result.curve.value.push_back(curve.value[i]);
  }
  // steps grow with the time since the peak, so that each exponential is followed
  const double end = std::max(until_s, curve.time_s.back());
  double t = from;
  while (t < end) {
    result.curve.time_s.push_back(t);
    result.curve.value.push_back(tail(fit.value, t));
    t += std::max(0.25, 0.02 * (t - from));
  }
  result.curve.time_s.push_back(end);
  result.curve.value.push_back(tail(fit.value, end));
  return result;
}

Curve dispersed(const Curve& curve, double tau_s) {
  check(curve, "a curve to disperse");
  if (!(tau_s >= 0)) refuse("a dispersion of {} s (it must be >= 0)", tau_s);
  if (tau_s == 0) return curve;
  Curve result = curve;
  double state = 0;  // ∫ c e^{-(t-s)/τ} ds
  result.value.front() = 0;
  for (std::size_t i = 0; i + 1 < curve.time_s.size(); ++i) {
    const double h = curve.time_s[i + 1] - curve.time_s[i];
    const auto parts = exponential_parts(h / tau_s);
    state = state * parts.decay +
            h * (curve.value[i] * parts.e[0] + (curve.value[i + 1] - curve.value[i]) * parts.e[1]);
    result.value[i + 1] = state / tau_s;
  }
  return result;
}

Curve undispersed(const Curve& curve, double tau_s, double slope_window_s) {
  check(curve, "a curve to correct for dispersion");
  const std::size_t n = curve.time_s.size();
  if (!(tau_s >= 0)) refuse("a dispersion of {} s (it must be >= 0)", tau_s);
  if (n < 3) refuse("{} samples do not show a slope (three at least are needed)", n);
  Curve result = curve;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t first = std::min(i == 0 ? 0 : i - 1, n - 3), last = std::max<std::size_t>(i + 1, 2);
    last = std::min(last, n - 1);
    while (first > 0 && curve.time_s[i] - curve.time_s[first - 1] <= slope_window_s) --first;
    while (last + 1 < n && curve.time_s[last + 1] - curve.time_s[i] <= slope_window_s) ++last;
    result.value[i] += tau_s * parabola_slope(curve, i, first, last);
  }
  return result;
}

ImageDerivedBlood image_derived_blood(const std::vector<FrameTime>& frames,
                                      std::span<const double> region_bq_per_ml, double recovery,
                                      const std::vector<BloodSample>& samples) {
  constexpr double kMostRecovery = 1.5;  // edge artefacts of resolution recovery stay below
  if (!(recovery > 0 && recovery <= kMostRecovery))
    refuse("a recovery of {} (it must lie in (0, {}])", recovery, kMostRecovery);
  ImageDerivedBlood result;
  result.blood = curve_of_means(frames, region_bq_per_ml);
  for (double& v : result.blood.value) v /= recovery;
  result.n_samples = samples.size();
  if (samples.empty()) return result;
  std::vector<double> seen, drawn, weights;
  for (const auto& s : samples) {
    if (s.time_s < frames.front().start_s || s.time_s > frames.back().end_s())
      refuse("a blood sample at {:.6g} s lies outside the scan ({:.6g} to {:.6g} s)", s.time_s,
             frames.front().start_s, frames.back().end_s());
    seen.push_back(value_at(result.blood, s.time_s));
    drawn.push_back(s.bq_per_ml);
    weights.push_back(s.weight);
  }
  if (std::none_of(weights.begin(), weights.end(), [](double w) { return w > 0; }))
    refuse("no blood sample carries weight (the scale cannot be fitted)");
  const auto fit = numerics::fit_linear({seen}, drawn, weights);
  result.scale = {fit.value[0], fit.standard_error[0]};
  for (double& v : result.blood.value) v *= result.scale.value;
  return result;
}

}  // namespace sojourn::fate::kinetics
