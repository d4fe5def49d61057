#pragma once
#include "sojourn/image/geometry.h"

namespace sojourn::test {

/// n x n x n voxels of `spacing_mm`, their middle at (0, 0, 0).
inline image::Geometry centered_cube(int n, double spacing_mm) {
  image::Geometry g;
  g.size = {n, n, n};
  g.spacing_mm = {spacing_mm, spacing_mm, spacing_mm};
  const double first = -0.5 * (n - 1) * spacing_mm;
  g.origin_mm = {first, first, first};
  return g;
}

}  // namespace sojourn::test
