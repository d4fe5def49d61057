#include "sojourn/numerics/axis_warp.h"

#include <algorithm>
#include <cmath>

#include "sojourn/numerics/statistics.h"

namespace sojourn::numerics {
namespace {

/// Slopes of the outermost pieces are at least this share of the mean slope, and those beyond twice
/// that: a reference with tails too wide costs some proposals, one too narrow hides draws.
constexpr double kLeastTail = 0.25;

double sorted_quantile(std::span<const double> sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), sorted.size() - 2);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
}

}  // namespace

AxisWarp AxisWarp::line(double centre, double scale) {
  AxisWarp warp;
  warp.z_ = {-1, 1};
  warp.x_ = {centre - scale, centre + scale};
  warp.slope_ = {scale, scale};
  warp.below_ = warp.above_ = scale;
  return warp;
}

AxisWarp AxisWarp::through(std::span<const double> sorted, std::span<const double> probabilities) {
  AxisWarp warp;
  for (const double p : probabilities) {
    warp.z_.push_back(normal_quantile(p));
    warp.x_.push_back(sorted_quantile(sorted, p));
  }
  auto &z = warp.z_, &x = warp.x_, &slope = warp.slope_;
  const std::size_t n = z.size(), middle = n / 2;
  const double whole = (x.back() - x.front()) / (z.back() - z.front());
  const double least = std::max(1e-3 * whole, 1e-300);
  std::vector<double> secant(n - 1);
  for (std::size_t i = 0; i + 1 < n; ++i)
    secant[i] = std::max((x[i + 1] - x[i]) / (z[i + 1] - z[i]), least);
  // a few draws that happen to lie together must not end a tail: what lies beyond would hardly ever
  // be proposed
  for (double* tail : {&secant.front(), &secant.back()})
    *tail = std::max(*tail, kLeastTail * whole);
  for (std::size_t i = middle; i + 1 < n; ++i) x[i + 1] = x[i] + secant[i] * (z[i + 1] - z[i]);
  for (std::size_t i = middle; i-- > 0;) x[i] = x[i + 1] - secant[i] * (z[i + 1] - z[i]);
  slope.assign(n, 0.0);
  slope.front() = secant.front();
  slope.back() = secant.back();
  warp.below_ = std::max(secant.front(), 2 * kLeastTail * whole);
  warp.above_ = std::max(secant.back(), 2 * kLeastTail * whole);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double before = z[i] - z[i - 1], after = z[i + 1] - z[i];
    const double a = 2 * after + before, b = after + 2 * before;
    slope[i] = (a + b) / (a / secant[i - 1] + b / secant[i]);
  }
  return warp;
}

AxisWarp::Place AxisWarp::at(double z) const {
  if (z <= z_.front()) return {x_.front() + below_ * (z - z_.front()), below_};
  if (z >= z_.back()) return {x_.back() + above_ * (z - z_.back()), above_};
  const auto i =
      static_cast<std::size_t>(std::upper_bound(z_.begin(), z_.end(), z) - z_.begin()) - 1;
  const double h = z_[i + 1] - z_[i], t = (z - z_[i]) / h;
  const double rise = x_[i + 1] - x_[i], first = slope_[i] * h, second = slope_[i + 1] * h;
  const double square = 3 * rise - 2 * first - second, cube = first + second - 2 * rise;
  return {x_[i] + t * (first + t * (square + t * cube)),
          (first + t * (2 * square + 3 * t * cube)) / h};
}

double AxisWarp::inverse(double x) const {
  if (x <= x_.front()) return z_.front() + (x - x_.front()) / below_;
  if (x >= x_.back()) return z_.back() + (x - x_.back()) / above_;
  const auto i =
      static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin()) - 1;
  double low = z_[i], high = z_[i + 1];
  double z = low + (high - low) * (x - x_[i]) / (x_[i + 1] - x_[i]);
  for (int step = 0; step < 60; ++step) {  // Newton, kept inside the bracket
    const Place place = at(z);
    (place.x < x ? low : high) = z;
    double next = z - (place.x - x) / place.slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - z) <= 1e-15 * (1 + std::abs(z))) return next;
    z = next;
  }
  return z;
}

}  // namespace sojourn::numerics
