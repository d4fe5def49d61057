#include "sojourn/report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/report/number_text.h"

namespace sojourn::report {
namespace {

constexpr int kMostTicks = 60;
constexpr double kSmallest = 1e-30;  // below it a value is drawn as zero

double power(int exponent) { return std::pow(10.0, exponent); }

/// The smallest of 1, 2, 5 times a power of ten that is not below `value`.
double round_up(double value) {
  const double base = power(static_cast<int>(std::floor(std::log10(value))));
  for (const double m : {1.0, 2.0, 5.0}) {
    if (m * base >= value * (1 - 1e-9)) return m * base;
  }
  return 10 * base;
}

double round_down(double value) {
  const double base = power(static_cast<int>(std::floor(std::log10(value * (1 + 1e-9)))));
  for (const double m : {5.0, 2.0}) {
    if (m * base <= value * (1 + 1e-9)) return m * base;
  }
  return base;
}

std::vector<double> multiples(double lo, double hi, double step) {
  std::vector<double> ticks;
  const double slack = 1e-9 * step, first = std::ceil((lo - slack) / step);
  // Counted, so that no step is too small beside lo to move on.
  for (int n = 0; n < kMostTicks; ++n) {
    const double tick = (first + n) * step;
    if (!(tick <= hi + slack)) break;
    ticks.push_back(std::fabs(tick) < slack ? 0 : std::clamp(tick, lo, hi));
  }
  return ticks;
}

/// Values of no study, which would only overflow: the axis leaves them out.
bool drawable(double value) { return std::isfinite(value) && std::fabs(value) < 1e30; }

}  // namespace

double Axis::position(double value) const {
  if (!std::isfinite(value) || (logarithmic && value <= 0)) return 0;
  const double p =
      logarithmic ? std::log(value / lo) / std::log(hi / lo) : (value - lo) / (hi - lo);
  return std::clamp(p, 0.0, 1.0);
}

std::string Axis::label(double tick) const {
  if (tick == 0) return "0";
  if (logarithmic && (hi >= 9999 || tick < 0.0099)) {
    const int exponent = static_cast<int>(std::floor(std::log10(tick) + 1e-9));
    const auto leading = std::lround(tick / power(exponent));
    return (leading == 1 ? std::string() : fmt::format("{}·", leading)) + power_of_ten(exponent);
  }
  const double size = std::fabs(tick);
  if (size >= 99999.5 || size < 0.00099) {
    const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-9));
    const std::string mantissa = fmt::format("{:.5g}", size / power(exponent));
    return (tick < 0 ? "\xE2\x88\x92" : "") + (mantissa == "1" ? std::string() : mantissa + "·") +
           power_of_ten(exponent);
  }
  const std::string text = fmt::format("{:.6g}", std::fabs(tick));
  return (tick < 0 ? "\xE2\x88\x92" : "") + text;
}

Axis linear_axis(double lo, double hi, int n_ticks) {
  SOJOURN_EXPECT(drawable(lo) && drawable(hi) && n_ticks > 0);
  if (std::fabs(lo) < kSmallest) lo = 0;
  if (std::fabs(hi) < kSmallest) hi = 0;
  if (!(hi - lo > 1e-12 * std::max(std::fabs(lo), std::fabs(hi)))) {
    const double margin = std::fabs(lo) * 0.5;
    hi = lo == 0 ? 1 : lo + margin;
    lo = lo == 0 ? 0 : lo - margin;
  }
  const double step = round_up((hi - lo) / n_ticks);
  Axis axis;
  axis.lo = std::floor(lo / step + 1e-9) * step;
  axis.hi = std::ceil(hi / step - 1e-9) * step;
  axis.ticks = multiples(axis.lo, axis.hi, step);
  return axis;
}

Axis log_axis(double lo, double hi) {
  SOJOURN_EXPECT(lo > 0 && hi >= lo && std::isfinite(hi));
  Axis axis;
  axis.logarithmic = true;
  axis.lo = round_down(lo);
  axis.hi = round_up(hi);
  if (axis.hi < axis.lo * 4) axis.hi = axis.lo * 10;
  const int first = static_cast<int>(std::floor(std::log10(axis.lo) + 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(axis.hi) + 1e-9));
  const int every = std::max(1, (last - first) / 5);
  const bool few = std::log10(axis.hi / axis.lo) < 2.6;
  for (int e = first; e <= last; ++e) {
    for (int m = 1; m < 10; ++m) {
      const double tick = m * power(e);
      if (tick < axis.lo * (1 - 1e-9) || tick > axis.hi * (1 + 1e-9)) continue;
      const bool major = m == 1 ? (e - first) % every == 0 || few : few && (m == 2 || m == 5);
      (major ? axis.ticks : axis.minor).push_back(std::clamp(tick, axis.lo, axis.hi));
    }
  }
  return axis;
}

Axis time_axis(double lo, double hi, bool minutes, int n_ticks) {
  SOJOURN_EXPECT(!std::isnan(lo) && !std::isnan(hi) && n_ticks > 0);
  lo = std::clamp(lo, -1e30, 1e30);
  hi = std::clamp(hi, -1e30, 1e30);
  if (lo > 0 && lo < 0.6 * hi) lo = 0;
  if (!(hi - lo > 1e-9 * std::max(1.0, std::fabs(hi)))) {
    const double room = std::max(0.5, 1e-3 * std::fabs(hi));
    lo -= room;
    hi += room;
  }
  constexpr std::array kHours = {1.0,  2.0,  4.0,   6.0,   12.0,  24.0, 48.0,
                                 72.0, 96.0, 120.0, 168.0, 240.0, 336.0};
  constexpr std::array kMinutes = {1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0};
  const std::span<const double> steps = minutes ? std::span<const double>(kMinutes) : kHours;
  const double wanted = (hi - lo) / n_ticks;
  double step = round_up(wanted);
  if (wanted > 0.5 && wanted <= steps.back()) {
    step = *std::lower_bound(steps.begin(), steps.end(), wanted);
  }
  Axis axis;
  axis.lo = lo;
  axis.hi = hi + 0.03 * (hi - lo);
  if (lo != 0) axis.lo -= 0.03 * (hi - lo);
  axis.ticks = multiples(axis.lo, axis.hi, step);
  if (axis.ticks.empty()) axis.ticks = {axis.lo};
  return axis;
}

Axis value_axis(std::span<const double> values, int n_ticks) {
  double top = 0, bottom = 0, smallest = 0;
  for (const double v : values) {
    if (!drawable(v)) continue;
    top = std::max(top, v);
    bottom = std::min(bottom, v);
    if (v > kSmallest) smallest = smallest > 0 ? std::min(smallest, v) : v;
  }
  if (smallest > 0 && top > 30 * smallest) return log_axis(std::max(smallest, top * 1e-5), top);
  return linear_axis(bottom, top, n_ticks);
}

}  // namespace sojourn::report
