#include "sojourn/dose/curve_trapezoid.h"

#include <algorithm>
#include <cmath>

namespace sojourn::dose::detail {
namespace {

double piece(double t0, double v0, double t1, double v1) {
  if (v1 > 0 && v0 > v1) return (v0 - v1) * (t1 - t0) / std::log(v0 / v1);
  return 0.5 * (v0 + v1) * (t1 - t0);
}

CurveArea area_of(const std::vector<double>& hours, const std::vector<double>& values, double k) {
  CurveArea a;
  // its decay-corrected value held from 0 on: v (e^(kt) - 1)/k
  a.before = values.front() * std::expm1(k * hours.front()) / k;
  for (std::size_t i = 1; i < hours.size(); ++i)
    a.between += piece(hours[i - 1], values[i - 1], hours[i], values[i]);
  a.tail = values.back() / k;
  return a;
}

}  // namespace

CurveArea curve_area(const std::vector<CurvePoint>& points, double decay_per_h) {
  std::vector<double> hours, values;
  for (const auto& p : points) {
    hours.push_back(p.hours);
    values.push_back(std::max(p.value, 0.0));
  }
  CurveArea area = area_of(hours, values, decay_per_h);
  double variance = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].sd) continue;
    auto moved = values;
    const double step = *points[i].sd;
    moved[i] += step;
    const auto up = area_of(hours, moved, decay_per_h);
    const double change = up.before + up.between + up.tail - area.before - area.between - area.tail;
    variance += change * change;
  }
  area.sd = std::sqrt(variance);
  return area;
}

}  // namespace sojourn::dose::detail
