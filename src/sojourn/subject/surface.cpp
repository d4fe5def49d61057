#include "sojourn/subject/surface.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::subject {
namespace {

using image::Vec3;

void add(Spans& spans, double begin, double end) {
  if (end > begin) spans.push_back({begin, end});
}

/// a x^2 + b x + c <= 0 between low and high.
Spans quadratic(double a, double b, double c, double low, double high) {
  Spans spans;
  // Below this the square term moves a point of the window by less than rounding.
  const double reach = std::max(std::abs(low), std::abs(high));
  if (std::abs(a) * reach <= 1e-12 * std::abs(b)) {
    if (b == 0) {
      if (c <= 0) add(spans, low, high);
    } else if (b > 0) {
      add(spans, low, std::min(high, -c / b));
    } else {
      add(spans, std::max(low, -c / b), high);
    }
    return spans;
  }
  const double discriminant = b * b - 4 * a * c;
  if (discriminant <= 0) {
    if (a < 0) add(spans, low, high);
    return spans;
  }
  const double q = -0.5 * (b + std::copysign(std::sqrt(discriminant), b));
  double first = q / a, second = q == 0 ? 0 : c / q;
  if (first > second) std::swap(first, second);
  if (a > 0) {
    add(spans, std::max(low, first), std::min(high, second));
  } else {
    add(spans, low, std::min(high, first));
    add(spans, std::max(low, second), high);
  }
  return spans;
}

Spans along(const Quadric& q, double y, double z, double low, double high) {
  const double linear = q.xy * y + q.xz * z + q.x;
  const double constant = q.yy * y * y + q.zz * z * z + q.yz * y * z + q.y * y + q.z * z + q.one;
  return quadratic(q.xx, linear, constant, low, high);
}

double torus_value(const Torus& t, double x, double y, double z) {
  const Vec3 d{x - t.center_mm[0], y - t.center_mm[1], z - t.center_mm[2]};
  const auto axis = static_cast<std::size_t>(t.axis);
  const double across2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - d[axis] * d[axis];
  const double r = (std::sqrt(std::max(across2, 0.0)) - t.ring_mm) / t.radial_mm;
  const double h = d[axis] / t.axial_mm;
  return r * r + h * h - 1;
}

/// Signs on a raster of a 48th of the window that the torus fills, then bisection. A line crosses
/// a torus at most four times; a piece shorter than the raster can be missed.
Spans along(const Torus& t, double y, double z, double low, double high) {
  const double reach = t.ring_mm + std::max(t.radial_mm, t.axial_mm);
  const double begin = std::max(low, t.center_mm[0] - reach);
  const double end = std::min(high, t.center_mm[0] + reach);
  Spans spans;
  if (end <= begin) return spans;
  constexpr int kSteps = 96;
  const auto value = [&](double x) { return torus_value(t, x, y, z); };
  const auto crossing = [&](double a, double b) {
    const bool inside_a = value(a) <= 0;
    for (int i = 0; i < 24; ++i) {
      const double middle = 0.5 * (a + b);
      (((value(middle) <= 0) == inside_a) ? a : b) = middle;
    }
    return 0.5 * (a + b);
  };
  double x = begin, open = begin;
  bool in = value(x) <= 0;
  for (int i = 1; i <= kSteps; ++i) {
    const double next = begin + (end - begin) * i / kSteps;
    const bool now = value(next) <= 0;
    if (now != in) {
      const double at = crossing(x, next);
      if (in) {
        add(spans, open, at);
      } else {
        open = at;
      }
    }
    x = next;
    in = now;
  }
  if (in) add(spans, open, end);
  return spans;
}

}  // namespace

Spans unite(const Spans& a, const Spans& b) {
  Spans all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  Spans result;
  for (const auto& piece : all) {
    if (!result.empty() && piece[0] <= result.back()[1]) {
      result.back()[1] = std::max(result.back()[1], piece[1]);
    } else {
      result.push_back(piece);
    }
  }
  return result;
}

Spans intersect(const Spans& a, const Spans& b) {
  Spans result;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    add(result, std::max(a[i][0], b[j][0]), std::min(a[i][1], b[j][1]));
    (a[i][1] < b[j][1] ? i : j)++;
  }
  return result;
}

Spans subtract(const Spans& a, const Spans& b) {
  Spans result;
  for (auto [begin, end] : a) {
    for (const auto& hole : b) {
      if (hole[1] <= begin) continue;
      if (hole[0] >= end) break;
      add(result, begin, hole[0]);
      begin = std::max(begin, hole[1]);
    }
    add(result, begin, end);
  }
  return result;
}

double length_mm(const Spans& spans) {
  double sum = 0;
  for (const auto& piece : spans) sum += piece[1] - piece[0];
  return sum;
}

Spans inside(const Surface& surface, double y_mm, double z_mm, double low_mm, double high_mm) {
  return std::visit([&](const auto& s) { return along(s, y_mm, z_mm, low_mm, high_mm); }, surface);
}

Quadric ellipsoid_quadric(const Vec3& center_mm, const Vec3& semi_mm,
                          const std::array<Vec3, 3>& axes) {
  std::array<Vec3, 3> m{};
  for (std::size_t r = 0; r < 3; ++r) {
    if (semi_mm[r] == 0) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        m[i][j] += axes[r][i] * axes[r][j] / (semi_mm[r] * semi_mm[r]);
      }
    }
  }
  Quadric q;
  q.xx = m[0][0], q.yy = m[1][1], q.zz = m[2][2];
  q.xy = 2 * m[0][1], q.xz = 2 * m[0][2], q.yz = 2 * m[1][2];
  Vec3 mc{};
  for (std::size_t i = 0; i < 3; ++i) mc[i] = image::dot(m[i], center_mm);
  q.x = -2 * mc[0], q.y = -2 * mc[1], q.z = -2 * mc[2];
  q.one = image::dot(center_mm, mc) - 1;
  return q;
}

Quadric half_space(const Vec3& normal, double offset_mm) {
  SOJOURN_EXPECT(image::norm(normal) > 0);
  Quadric q;
  q.x = normal[0], q.y = normal[1], q.z = normal[2];
  q.one = -offset_mm;
  return q;
}

Surface mirrored(const Surface& surface) {
  Surface result = surface;
  if (auto* q = std::get_if<Quadric>(&result)) {
    q->xy = -q->xy, q->xz = -q->xz, q->x = -q->x;
  } else {
    auto& t = std::get<Torus>(result);
    t.center_mm[0] = -t.center_mm[0];
  }
  return result;
}

Surface rescaled(const Surface& surface, const Vec3& center_mm, double factor,
                 const Vec3& shift_mm) {
  SOJOURN_EXPECT(factor > 0);
  if (const auto* t = std::get_if<Torus>(&surface)) {
    Torus r = *t;
    for (std::size_t a = 0; a < 3; ++a) {
      r.center_mm[a] = center_mm[a] + factor * (t->center_mm[a] - center_mm[a]) + shift_mm[a];
    }
    r.ring_mm *= factor, r.radial_mm *= factor, r.axial_mm *= factor;
    return r;
  }
  // p = u + k q with k = 1 / factor and u = center - k (center + shift).
  const auto& s = std::get<Quadric>(surface);
  const double k = 1 / factor;
  Vec3 u{};
  for (std::size_t a = 0; a < 3; ++a) u[a] = center_mm[a] - k * (center_mm[a] + shift_mm[a]);
  Quadric q;
  q.xx = k * k * s.xx, q.yy = k * k * s.yy, q.zz = k * k * s.zz;
  q.xy = k * k * s.xy, q.xz = k * k * s.xz, q.yz = k * k * s.yz;
  q.x = k * (2 * s.xx * u[0] + s.xy * u[1] + s.xz * u[2] + s.x);
  q.y = k * (2 * s.yy * u[1] + s.xy * u[0] + s.yz * u[2] + s.y);
  q.z = k * (2 * s.zz * u[2] + s.xz * u[0] + s.yz * u[1] + s.z);
  q.one = s.xx * u[0] * u[0] + s.yy * u[1] * u[1] + s.zz * u[2] * u[2] + s.xy * u[0] * u[1] +
          s.xz * u[0] * u[2] + s.yz * u[1] * u[2] + s.x * u[0] + s.y * u[1] + s.z * u[2] + s.one;
  return q;
}

}  // namespace sojourn::subject
