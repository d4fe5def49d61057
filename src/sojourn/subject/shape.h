#pragma once
#include <array>
#include <vector>

#include "sojourn/subject/surface.h"

namespace sojourn::subject {

/// Points inside all of some surfaces, and in the box that bounds them.
struct Cell {
  std::vector<Surface> inside_of;
  std::array<image::Vec3, 2> box_mm{};
};

/// One solid of the file format: a union of cells (only the round cone needs more than one).
struct Primitive {
  std::vector<Cell> cells;
};

/// A primitive, cut to the inside of others and the outside of others.
struct Shape {
  Primitive base;
  std::vector<Primitive> within, without;
};

[[nodiscard]] Primitive make_ellipsoid(const image::Vec3& center_mm, const image::Vec3& semi_mm,
                                       const std::array<image::Vec3, 3>& axes);
[[nodiscard]] Primitive make_box(const image::Vec3& center_mm, const image::Vec3& half_mm);
/// An elliptical column whose cross sections lie across a coordinate axis (0, 1, 2): the centre
/// runs straight from `from_mm` to `to_mm`, the semi-axes change linearly from `semi_mm` to
/// `end_factor` times them. `semi_mm` are along the two other axes, in the order x, y, z.
[[nodiscard]] Primitive make_column(int axis, const image::Vec3& from_mm, const image::Vec3& to_mm,
                                    const std::array<double, 2>& semi_mm, double end_factor);
/// The hull-like body of balls whose centre and radius run straight between two balls.
[[nodiscard]] Primitive make_round_cone(const image::Vec3& from_mm, const image::Vec3& to_mm,
                                        double from_radius_mm, double to_radius_mm);
[[nodiscard]] Primitive make_torus(const Torus& torus);
/// normal · p <= offset; without bounds of its own, so only for `within` and `without`.
[[nodiscard]] Primitive make_half_space(const image::Vec3& normal, double offset_mm);

[[nodiscard]] Shape mirrored(const Shape& shape);
[[nodiscard]] Shape rescaled(const Shape& shape, const image::Vec3& center_mm, double factor,
                             const image::Vec3& shift_mm);

/// Corners of a box that holds the shape.
[[nodiscard]] std::array<image::Vec3, 2> bounds(const Shape& shape);
/// Where the line (·, y, z) is inside.
[[nodiscard]] Spans inside(const Shape& shape, double y_mm, double z_mm);
[[nodiscard]] bool contains(const Shape& shape, const image::Vec3& mm);
/// Volume by exact lines along x, `lines` of them across the larger side of the box.
[[nodiscard]] double volume_ml(const Shape& shape, int lines);

}  // namespace sojourn::subject
