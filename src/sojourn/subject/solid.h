#pragma once
#include <array>

#include "sojourn/image/geometry.h"

namespace sojourn::subject {

/// A closed analytic body in LPS millimetres (+x left, +y back, +z head).
struct Solid {
  enum class Kind {
    ellipsoid,   ///< center, semi_mm
    cylinder_z,  ///< elliptical, along z: semi_mm[0], semi_mm[1], half length semi_mm[2]
    box,         ///< center, half edges semi_mm
    round_cone   ///< from, to, radius falling linearly from radius_mm[0] to [1]; round ends
  };
  Kind kind = Kind::ellipsoid;
  image::Vec3 center_mm{0, 0, 0}, semi_mm{0, 0, 0};
  image::Vec3 from_mm{0, 0, 0}, to_mm{0, 0, 0};
  std::array<double, 2> radius_mm{0, 0};
  double wall_mm = 0;  ///< over 0: a cylinder_z without what lies deeper than this (a hoop)
};

[[nodiscard]] Solid ellipsoid(const image::Vec3& center_mm, const image::Vec3& semi_mm);
[[nodiscard]] Solid box(const image::Vec3& center_mm, const image::Vec3& half_mm);
[[nodiscard]] Solid cylinder_z(const image::Vec3& center_mm, const image::Vec3& semi_mm);
/// An elliptical cylinder along z without its core.
[[nodiscard]] Solid hoop_z(const image::Vec3& center_mm, const image::Vec3& semi_mm,
                           double wall_mm);
[[nodiscard]] Solid capsule(const image::Vec3& from_mm, const image::Vec3& to_mm, double radius_mm);
[[nodiscard]] Solid tapered(const image::Vec3& from_mm, const image::Vec3& to_mm,
                            double from_radius_mm, double to_radius_mm);

/// Whether a point lies inside or on the surface.
[[nodiscard]] bool contains(const Solid& solid, const image::Vec3& mm);

/// Corners of a box that holds the solid.
[[nodiscard]] std::array<image::Vec3, 2> bounds(const Solid& solid);

}  // namespace sojourn::subject
