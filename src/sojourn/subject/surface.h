#pragma once
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "sojourn/image/geometry.h"

namespace sojourn::subject {

/// Pieces of a straight line along x, mm: sorted, disjoint, each [begin, end] with begin < end.
using Spans = std::vector<std::array<double, 2>>;

[[nodiscard]] Spans unite(const Spans& a, const Spans& b);
[[nodiscard]] Spans intersect(const Spans& a, const Spans& b);
/// What of `a` lies outside `b`.
[[nodiscard]] Spans subtract(const Spans& a, const Spans& b);
[[nodiscard]] double length_mm(const Spans& spans);

/// The points with xx x^2 + yy y^2 + zz z^2 + xy xy + xz xz + yz yz + x x + y y + z z + one <= 0.
/// Half-spaces, ellipsoids, cylinders and cones of any direction are of this form.
struct Quadric {
  double xx = 0, yy = 0, zz = 0, xy = 0, xz = 0, yz = 0, x = 0, y = 0, z = 0, one = 0;
};

/// The points within an elliptical ring: ((rho - ring) / radial)^2 + (h / axial)^2 <= 1 with rho
/// the distance from the axis and h the height along it.
struct Torus {
  image::Vec3 center_mm{0, 0, 0};
  int axis = 2;  ///< 0, 1, 2: parallel to x, y, z
  double ring_mm = 0, radial_mm = 0, axial_mm = 0;
};

using Surface = std::variant<Quadric, Torus>;

/// Where the line (·, y, z) is inside, between `low` and `high`; exact for quadrics, to 1e-6 of
/// the length for tori.
[[nodiscard]] Spans inside(const Surface& surface, double y_mm, double z_mm, double low_mm,
                           double high_mm);

/// Quadric of (p - c)^T M (p - c) <= 1 for M = sum over rows r of axis_r axis_r^T / semi_r^2; a
/// semi of 0 leaves that direction out (cylinders).
[[nodiscard]] Quadric ellipsoid_quadric(const image::Vec3& center_mm, const image::Vec3& semi_mm,
                                        const std::array<image::Vec3, 3>& axes);
/// normal · p <= offset.
[[nodiscard]] Quadric half_space(const image::Vec3& normal, double offset_mm);

/// The mirror image at x = 0.
[[nodiscard]] Surface mirrored(const Surface& surface);
/// Every point moved from p to center + factor (p - center) + shift.
[[nodiscard]] Surface rescaled(const Surface& surface, const image::Vec3& center_mm, double factor,
                               const image::Vec3& shift_mm);

}  // namespace sojourn::subject
