#include "sojourn/dose/ball_geometry.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::dose {
namespace {

double cube(double v) { return v * v * v; }

/// 1/(4x) ∫ a (target² - (x - a)²) da up to a = x + u, a polynomial of u (small where a is not: no
/// figures are lost for a small target in a large ball).
double partial_integral(double u, double x, double target) {
  const double t2 = target * target;
  return (x * t2 * u + t2 * u * u / 2 - x * cube(u) / 3 - u * cube(u) / 4) / (4 * x);
}

}  // namespace

double share_from_point(double from, double x, double target) {
  SOJOURN_EXPECT(from >= 0 && x >= 0 && target > 0);
  if (from + x <= target) return 1;
  if (std::abs(from - x) >= target) return 0;
  return std::clamp((target * target - (x - from) * (x - from)) / (4 * x * from), 0.0, 1.0);
}

double share_from_ball(double source, double x, double target) {
  SOJOURN_EXPECT(source > 0 && x >= 0 && target > 0);
  const double inside = std::clamp(target - x, 0.0, source);  // surely in: a <= target - x
  double sum = cube(inside) / 3;
  const double low = std::min(std::abs(target - x), source), high = std::min(target + x, source);
  if (high > low && x > 0)
    sum += partial_integral(high - x, x, target) - partial_integral(low - x, x, target);
  return std::clamp(3 * sum / cube(source), 0.0, 1.0);
}

double share_from_shell(double inner, double outer, double x, double target) {
  SOJOURN_EXPECT(inner >= 0 && outer > inner);
  if (inner == 0) return share_from_ball(outer, x, target);
  const double whole = cube(outer) * share_from_ball(outer, x, target);
  const double core = cube(inner) * share_from_ball(inner, x, target);
  return std::clamp((whole - core) / (cube(outer) - cube(inner)), 0.0, 1.0);
}

}  // namespace sojourn::dose
