#include "sojourn/simulate/nema_sinogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sojourn::simulate {

NemaSinogram::NemaSinogram(double half_width_mm, double bin_mm, int angles)
    : half_width_mm_(half_width_mm),
      bin_mm_(bin_mm),
      angles_(angles),
      bins_(2 * static_cast<int>(std::ceil(half_width_mm / bin_mm)) + 1),
      counts_(static_cast<std::size_t>(angles_) * static_cast<std::size_t>(bins_), 0.0) {}

void NemaSinogram::add(const records::RingGeometry& g, const records::ListModeEvent& e) {
  const auto p = g.point_mm(e.crystal_a, 0), q = g.point_mm(e.crystal_b, 0);
  double dx = q[0] - p[0], dy = q[1] - p[1];
  const double length = std::hypot(dx, dy);
  if (length == 0) return;
  double angle = std::atan2(dy, dx), s = (p[0] * dy - p[1] * dx) / length;
  if (angle < 0) angle += std::numbers::pi, s = -s;
  if (angle >= std::numbers::pi) angle -= std::numbers::pi, s = -s;
  if (std::abs(s) > half_width_mm_) return;
  const int a = std::min(static_cast<int>(angle / std::numbers::pi * angles_), angles_ - 1);
  const int b = static_cast<int>(std::lround(s / bin_mm_)) + bins_ / 2;
  counts_[static_cast<std::size_t>(a) * static_cast<std::size_t>(bins_) +
          static_cast<std::size_t>(b)] += 1;
}

NemaSinogram::Split NemaSinogram::split(double strip_mm) const {
  const auto n = static_cast<std::size_t>(bins_);
  std::vector<double> sum(2 * n + 1, 0.0);  // middle: the maximum of each angle
  for (int a = 0; a < angles_; ++a) {
    const auto row = counts_.begin() + static_cast<std::ptrdiff_t>(a) * bins_;
    const auto peak = std::max_element(row, row + bins_) - row;
    for (std::ptrdiff_t b = 0; b < bins_; ++b)
      sum[static_cast<std::size_t>(b - peak + bins_)] += row[b];
  }
  Split s;
  for (const double c : sum) s.total += c;
  const double half = strip_mm / 2 / bin_mm_;  // in bins
  const auto at = [&](double place) {
    const auto i = static_cast<std::size_t>(std::floor(place));
    const double f = place - std::floor(place);
    return sum[i] + f * (sum[i + 1] - sum[i]);
  };
  const double middle = bins_, left = at(middle - half), right = at(middle + half);
  double outside = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    // a bin reaches half of its width to both sides; parts of it may lie in the strip
    const double inside =
        std::clamp(std::min(i + 0.5, middle + half) - std::max(i - 0.5, middle - half), 0.0, 1.0);
    outside += sum[i] * (1 - inside);
  }
  s.scatter = outside + (left + right) / 2 * 2 * half;
  return s;
}

}  // namespace sojourn::simulate
