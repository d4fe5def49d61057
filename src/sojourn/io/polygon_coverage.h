#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace sojourn::io {

/// A point of a contour in pixel units: pixel (i, j) covers [i, i + 1) x [j, j + 1).
struct PlanePoint {
  double x = 0, y = 0;
};

/// A closed contour; the last point joins the first.
using Ring = std::vector<PlanePoint>;

/// Area inside one ring that does not cross itself, by the shoelace formula (pixels squared, >= 0).
[[nodiscard]] double ring_area(const Ring& ring);

/// Counts what the sweep does, so that contours made to exhaust the machine are refused.
struct CoverageBudget {
  std::uint64_t left =
      100'000'000;  ///< edge pieces; an ordinary structure set needs under 10 million
};

/// Adds to `coverage` (shape [height, width], row by row) the fraction of each pixel that lies
/// inside the rings, exactly: each pixel row is cut at every vertex and crossing, so that the edges
/// between two cuts bound trapezoids. Inside is even-odd over all rings together: a ring within a
/// ring is a hole, a keyhole is one, and edges that fall on each other cancel. What lies outside
/// the grid is cut off.
/// @param weight  what a fully covered pixel gets
/// @throws Error(bad_input) when the budget is spent
void add_coverage(std::span<const Ring> rings, int width, int height, float weight,
                  std::span<float> coverage, CoverageBudget& budget);

/// Adds `weight` to each pixel whose centre lies inside the rings (even-odd): the voxel mask that
/// most programs make of a contour. Arguments as add_coverage.
void add_centres(std::span<const Ring> rings, int width, int height, float weight,
                 std::span<float> coverage, CoverageBudget& budget);

}  // namespace sojourn::io
