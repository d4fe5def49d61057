#include "sojourn/recon/acquisition.h"

#include <algorithm>
#include <cmath>

namespace sojourn::recon {

image::Geometry covering_grid(double radius_mm, double half_length_mm, double voxel_mm,
                              double slice_mm) {
  image::Geometry grid;
  // odd across, so that a voxel's centre lies on the axis
  const int across = 2 * static_cast<int>(std::ceil(radius_mm / voxel_mm)) + 1;
  const int along = std::max(1, static_cast<int>(std::lround(2 * half_length_mm / slice_mm)));
  grid.size = {across, across, along};
  grid.spacing_mm = {voxel_mm, voxel_mm, slice_mm};
  for (std::size_t a = 0; a < 3; ++a)
    grid.origin_mm[a] = -0.5 * (grid.size[a] - 1) * grid.spacing_mm[a];
  return grid;
}

}  // namespace sojourn::recon
