#include "sojourn/subject/solid.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::subject {
namespace {

using image::Vec3;

double squared(double x) { return x * x; }

Solid centred(Solid::Kind kind, const Vec3& center_mm, const Vec3& semi_mm) {
  SOJOURN_EXPECT(semi_mm[0] > 0 && semi_mm[1] > 0 && semi_mm[2] > 0);
  Solid solid;
  solid.kind = kind;
  solid.center_mm = center_mm;
  solid.semi_mm = semi_mm;
  return solid;
}

bool in_round_cone(const Solid& s, const Vec3& p) {
  double along = 0, length2 = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    const double axis = s.to_mm[a] - s.from_mm[a];
    along += (p[a] - s.from_mm[a]) * axis;
    length2 += axis * axis;
  }
  const double t = length2 > 0 ? std::clamp(along / length2, 0.0, 1.0) : 0;
  double distance2 = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    distance2 += squared(p[a] - s.from_mm[a] - t * (s.to_mm[a] - s.from_mm[a]));
  }
  return distance2 <= squared(s.radius_mm[0] + t * (s.radius_mm[1] - s.radius_mm[0]));
}

bool in_cylinder(const Solid& s, const Vec3& p) {
  if (std::abs(p[2] - s.center_mm[2]) > s.semi_mm[2]) return false;
  const double x = p[0] - s.center_mm[0], y = p[1] - s.center_mm[1];
  if (squared(x / s.semi_mm[0]) + squared(y / s.semi_mm[1]) > 1) return false;
  if (s.wall_mm <= 0) return true;
  const double a = s.semi_mm[0] - s.wall_mm, b = s.semi_mm[1] - s.wall_mm;
  return squared(x / a) + squared(y / b) > 1;
}

}  // namespace

Solid ellipsoid(const Vec3& center_mm, const Vec3& semi_mm) {
  return centred(Solid::Kind::ellipsoid, center_mm, semi_mm);
}

Solid box(const Vec3& center_mm, const Vec3& half_mm) {
  return centred(Solid::Kind::box, center_mm, half_mm);
}

Solid cylinder_z(const Vec3& center_mm, const Vec3& semi_mm) {
  return centred(Solid::Kind::cylinder_z, center_mm, semi_mm);
}

Solid hoop_z(const Vec3& center_mm, const Vec3& semi_mm, double wall_mm) {
  SOJOURN_EXPECT(wall_mm > 0 && wall_mm < semi_mm[0] && wall_mm < semi_mm[1]);
  Solid solid = cylinder_z(center_mm, semi_mm);
  solid.wall_mm = wall_mm;
  return solid;
}

Solid capsule(const Vec3& from_mm, const Vec3& to_mm, double radius_mm) {
  return tapered(from_mm, to_mm, radius_mm, radius_mm);
}

Solid tapered(const Vec3& from_mm, const Vec3& to_mm, double from_radius_mm, double to_radius_mm) {
  SOJOURN_EXPECT(from_radius_mm > 0 && to_radius_mm > 0);
  Solid solid;
  solid.kind = Solid::Kind::round_cone;
  solid.from_mm = from_mm;
  solid.to_mm = to_mm;
  solid.radius_mm = {from_radius_mm, to_radius_mm};
  return solid;
}

bool contains(const Solid& s, const Vec3& p) {
  switch (s.kind) {
    case Solid::Kind::ellipsoid: {
      double sum = 0;
      for (std::size_t a = 0; a < 3; ++a) sum += squared((p[a] - s.center_mm[a]) / s.semi_mm[a]);
      return sum <= 1;
    }
    case Solid::Kind::box:
      return std::abs(p[0] - s.center_mm[0]) <= s.semi_mm[0] &&
             std::abs(p[1] - s.center_mm[1]) <= s.semi_mm[1] &&
             std::abs(p[2] - s.center_mm[2]) <= s.semi_mm[2];
    case Solid::Kind::cylinder_z:
      return in_cylinder(s, p);
    case Solid::Kind::round_cone:
      return in_round_cone(s, p);
  }
  return false;
}

std::array<Vec3, 2> bounds(const Solid& s) {
  std::array<Vec3, 2> corners{};
  const double radius = std::max(s.radius_mm[0], s.radius_mm[1]);
  for (std::size_t a = 0; a < 3; ++a) {
    if (s.kind == Solid::Kind::round_cone) {
      corners[0][a] = std::min(s.from_mm[a], s.to_mm[a]) - radius;
      corners[1][a] = std::max(s.from_mm[a], s.to_mm[a]) + radius;
    } else {
      corners[0][a] = s.center_mm[a] - s.semi_mm[a];
      corners[1][a] = s.center_mm[a] + s.semi_mm[a];
    }
  }
  return corners;
}

}  // namespace sojourn::subject
