#include "sojourn/subject/shape.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/units/units.h"

namespace sojourn::subject {
namespace {

using image::Vec3;
using image::operator+;
using image::operator-;
using image::operator*;
using Box = std::array<Vec3, 2>;

constexpr std::array<Vec3, 3> kStraight{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Primitive one_cell(std::vector<Surface> surfaces, const Box& box) {
  return {{Cell{std::move(surfaces), box}}};
}

Box ball_box(const Vec3& center, double radius) {
  Box box{};
  for (std::size_t a = 0; a < 3; ++a)
    box[0][a] = center[a] - radius, box[1][a] = center[a] + radius;
  return box;
}

Box joined(const Box& a, const Box& b) {
  Box box = a;
  for (std::size_t i = 0; i < 3; ++i) {
    box[0][i] = std::min(a[0][i], b[0][i]);
    box[1][i] = std::max(a[1][i], b[1][i]);
  }
  return box;
}

Box box_of(const Primitive& primitive) {
  SOJOURN_EXPECT(!primitive.cells.empty());
  Box box = primitive.cells.front().box_mm;
  for (const Cell& cell : primitive.cells) box = joined(box, cell.box_mm);
  return box;
}

Spans along(const Primitive& primitive, double y, double z, double low, double high) {
  Spans all;
  for (const Cell& cell : primitive.cells) {
    const Box& box = cell.box_mm;
    if (y < box[0][1] || y > box[1][1] || z < box[0][2] || z > box[1][2]) continue;
    const double begin = std::max(low, box[0][0]), end = std::min(high, box[1][0]);
    if (end <= begin) continue;
    Spans spans{{begin, end}};
    for (const Surface& surface : cell.inside_of) {
      spans = intersect(spans, inside(surface, y, z, begin, end));
      if (spans.empty()) break;
    }
    all = all.empty() ? spans : unite(all, spans);
  }
  return all;
}

template <typename Change>
Shape changed(const Shape& shape, const Change& change) {
  Shape result = shape;
  change(result.base);
  for (auto& primitive : result.within) change(primitive);
  for (auto& primitive : result.without) change(primitive);
  return result;
}

}  // namespace

Primitive make_ellipsoid(const Vec3& center_mm, const Vec3& semi_mm,
                         const std::array<Vec3, 3>& axes) {
  SOJOURN_EXPECT(semi_mm[0] > 0 && semi_mm[1] > 0 && semi_mm[2] > 0);
  Box box{};
  for (std::size_t a = 0; a < 3; ++a) {
    double reach2 = 0;
    for (std::size_t r = 0; r < 3; ++r) reach2 += std::pow(axes[r][a] * semi_mm[r], 2);
    box[0][a] = center_mm[a] - std::sqrt(reach2), box[1][a] = center_mm[a] + std::sqrt(reach2);
  }
  return one_cell({ellipsoid_quadric(center_mm, semi_mm, axes)}, box);
}

Primitive make_box(const Vec3& center_mm, const Vec3& half_mm) {
  return one_cell({}, {center_mm - half_mm, center_mm + half_mm});
}

Primitive make_column(int axis, const Vec3& from_mm, const Vec3& to_mm,
                      const std::array<double, 2>& semi_mm, double end_factor) {
  const auto w = static_cast<std::size_t>(axis);
  const std::size_t u = w == 0 ? 1 : 0, v = w == 2 ? 1 : 2;
  SOJOURN_EXPECT(axis >= 0 && axis < 3 && to_mm[w] > from_mm[w]);
  SOJOURN_EXPECT(semi_mm[0] > 0 && semi_mm[1] > 0 && end_factor >= 0);
  const double length = to_mm[w] - from_mm[w];
  // ((u - cu(w)) / a)^2 + ((v - cv(w)) / b)^2 <= s(w)^2 with everything linear in w.
  const auto line = [&](double at_from, double at_to) {
    const double slope = (at_to - at_from) / length;
    return std::array<double, 2>{slope, at_from - slope * from_mm[w]};
  };
  const auto cu = line(from_mm[u], to_mm[u]), cv = line(from_mm[v], to_mm[v]);
  const auto s = line(1, end_factor);
  const double pu = 1 / (semi_mm[0] * semi_mm[0]), pv = 1 / (semi_mm[1] * semi_mm[1]);
  std::array<Vec3, 3> square{};  // upper triangle: products of two coordinates
  Vec3 linear{};
  square[u][u] = pu, square[v][v] = pv;
  square[w][w] = pu * cu[0] * cu[0] + pv * cv[0] * cv[0] - s[0] * s[0];
  square[std::min(u, w)][std::max(u, w)] = -2 * pu * cu[0];
  square[std::min(v, w)][std::max(v, w)] = -2 * pv * cv[0];
  linear[u] = -2 * pu * cu[1], linear[v] = -2 * pv * cv[1];
  linear[w] = 2 * (pu * cu[0] * cu[1] + pv * cv[0] * cv[1] - s[0] * s[1]);
  const double one = pu * cu[1] * cu[1] + pv * cv[1] * cv[1] - s[1] * s[1];
  const Quadric q{square[0][0], square[1][1], square[2][2], square[0][1], square[0][2],
                  square[1][2], linear[0],    linear[1],    linear[2],    one};
  Box box{};
  const double widest = std::max(1.0, end_factor);
  box[0][w] = from_mm[w], box[1][w] = to_mm[w];
  for (const auto& [a, semi] : {std::pair{u, semi_mm[0]}, std::pair{v, semi_mm[1]}}) {
    box[0][a] = std::min(from_mm[a], to_mm[a]) - widest * semi;
    box[1][a] = std::max(from_mm[a], to_mm[a]) + widest * semi;
  }
  return one_cell({q}, box);  // the box cuts the ends
}

Primitive make_round_cone(const Vec3& from_mm, const Vec3& to_mm, double from_radius_mm,
                          double to_radius_mm) {
  SOJOURN_EXPECT(from_radius_mm > 0 && to_radius_mm > 0);
  const Vec3 d = to_mm - from_mm;
  const double length2 = image::dot(d, d);
  const auto ball = [&](const Vec3& center, double r) {
    return Cell{{ellipsoid_quadric(center, {r, r, r}, kStraight)}, ball_box(center, r)};
  };
  Primitive primitive{{ball(from_mm, from_radius_mm), ball(to_mm, to_radius_mm)}};
  if (length2 == 0) return primitive;
  // |p - from|^2 - t^2 length2 <= (r0 + t (r1 - r0))^2 with t = d·(p - from) / length2 in [0, 1].
  const double grow = to_radius_mm - from_radius_mm;
  const Vec3 g = (1 / length2) * d;  // gradient of t
  const double t0 = -image::dot(g, from_mm), k = length2 + grow * grow;
  Quadric q;
  q.xx = 1 - k * g[0] * g[0], q.yy = 1 - k * g[1] * g[1], q.zz = 1 - k * g[2] * g[2];
  q.xy = -2 * k * g[0] * g[1], q.xz = -2 * k * g[0] * g[2], q.yz = -2 * k * g[1] * g[2];
  const auto linear = [&](std::size_t a) {
    return -2 * from_mm[a] - 2 * k * t0 * g[a] - 2 * from_radius_mm * grow * g[a];
  };
  q.x = linear(0), q.y = linear(1), q.z = linear(2);
  q.one = image::dot(from_mm, from_mm) - k * t0 * t0 - 2 * from_radius_mm * grow * t0 -
          from_radius_mm * from_radius_mm;
  const Box box = joined(ball_box(from_mm, from_radius_mm), ball_box(to_mm, to_radius_mm));
  primitive.cells.push_back(
      Cell{{q, half_space(-1.0 * d, -image::dot(d, from_mm)), half_space(d, image::dot(d, to_mm))},
           box});
  return primitive;
}

Primitive make_torus(const Torus& torus) {
  SOJOURN_EXPECT(torus.ring_mm > 0 && torus.radial_mm > 0 && torus.axial_mm > 0);
  Box box{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double reach =
        static_cast<int>(a) == torus.axis ? torus.axial_mm : torus.ring_mm + torus.radial_mm;
    box[0][a] = torus.center_mm[a] - reach, box[1][a] = torus.center_mm[a] + reach;
  }
  return one_cell({torus}, box);
}

Primitive make_half_space(const Vec3& normal, double offset_mm) {
  constexpr double kFar = 1e6;
  return one_cell({half_space(normal, offset_mm)}, ball_box({0, 0, 0}, kFar));
}

Shape mirrored(const Shape& shape) {
  return changed(shape, [](Primitive& primitive) {
    for (Cell& cell : primitive.cells) {
      for (Surface& surface : cell.inside_of) surface = mirrored(surface);
      const double low = cell.box_mm[0][0];
      cell.box_mm[0][0] = -cell.box_mm[1][0];
      cell.box_mm[1][0] = -low;
    }
  });
}

Shape rescaled(const Shape& shape, const Vec3& center_mm, double factor, const Vec3& shift_mm) {
  return changed(shape, [&](Primitive& primitive) {
    for (Cell& cell : primitive.cells) {
      for (Surface& s : cell.inside_of) s = rescaled(s, center_mm, factor, shift_mm);
      for (Vec3& corner : cell.box_mm) {
        corner = center_mm + factor * (corner - center_mm) + shift_mm;
      }
    }
  });
}

Box bounds(const Shape& shape) {
  Box box = box_of(shape.base);
  for (const Primitive& primitive : shape.within) {
    const Box other = box_of(primitive);
    for (std::size_t a = 0; a < 3; ++a) {
      box[0][a] = std::max(box[0][a], other[0][a]);
      box[1][a] = std::max(box[0][a], std::min(box[1][a], other[1][a]));
    }
  }
  return box;
}

Spans inside(const Shape& shape, double y_mm, double z_mm) {
  const Box box = box_of(shape.base);
  Spans spans = along(shape.base, y_mm, z_mm, box[0][0], box[1][0]);
  for (const Primitive& primitive : shape.within) {
    if (spans.empty()) return spans;
    spans = intersect(spans, along(primitive, y_mm, z_mm, box[0][0], box[1][0]));
  }
  for (const Primitive& primitive : shape.without) {
    if (spans.empty()) return spans;
    spans = subtract(spans, along(primitive, y_mm, z_mm, box[0][0], box[1][0]));
  }
  return spans;
}

bool contains(const Shape& shape, const Vec3& mm) {
  for (const auto& piece : inside(shape, mm[1], mm[2])) {
    if (mm[0] >= piece[0] && mm[0] <= piece[1]) return true;
  }
  return false;
}

double volume_ml(const Shape& shape, int lines) {
  SOJOURN_EXPECT(lines > 0);
  const Box box = bounds(shape);
  const double high = box[1][1] - box[0][1], deep = box[1][2] - box[0][2];
  const double step = std::max(high, deep) / lines;
  const int ny = std::max(1, static_cast<int>(std::ceil(high / step)));
  const int nz = std::max(1, static_cast<int>(std::ceil(deep / step)));
  std::vector<double> sums(static_cast<std::size_t>(nz), 0.0);
  core::parallel_for(sums.size(), [&](std::size_t k) {
    const double z = box[0][2] + (static_cast<double>(k) + 0.5) * deep / nz;
    for (int j = 0; j < ny; ++j) {
      sums[k] += length_mm(inside(shape, box[0][1] + (j + 0.5) * high / ny, z));
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) * high / ny * deep / nz / units::kMm3PerMl;
}

}  // namespace sojourn::subject
