#include "sojourn/study/crop.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::study {
namespace {

/// First and one-past-last voxel along each axis of the box (an image axis may be oblique: the box
/// of the corners).
std::pair<image::Index3, image::Index3> bounds(const image::Geometry& grid,
                                               const std::array<image::Vec3, 2>& corners_mm) {
  image::Vec3 low{1e30, 1e30, 1e30}, high{-1e30, -1e30, -1e30};
  for (int corner = 0; corner < 8; ++corner) {
    const image::Vec3 at =
        grid.to_voxel({corners_mm[corner & 1 ? 1 : 0][0], corners_mm[corner & 2 ? 1 : 0][1],
                       corners_mm[corner & 4 ? 1 : 0][2]});
    for (std::size_t a = 0; a < 3; ++a) {
      low[a] = std::min(low[a], at[a]);
      high[a] = std::max(high[a], at[a]);
    }
  }
  image::Index3 begin{}, end{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double size = grid.size[a];
    begin[a] = static_cast<int>(std::clamp(std::ceil(low[a] - 1e-6), 0.0, size));
    end[a] = static_cast<int>(std::clamp(std::floor(high[a] + 1e-6) + 1.0, 0.0, size));
    if (begin[a] >= end[a]) {
      refuse(
          "crop: no voxel lies in the box (its corners are in LPS millimetres); the image spans "
          "{:.1f} … "
          "{:.1f} mm along its axis {}",
          grid.to_mm({0, 0, 0})[a], grid.to_mm({size, size, size})[a], a + 1);
    }
  }
  return {begin, end};
}

}  // namespace

void crop(records::ImageSeries& series, const std::array<image::Vec3, 2>& corners_mm) {
  for (auto& frame : series.frames) {
    const image::Geometry& grid = frame.values.geometry();
    const auto [begin, end] = bounds(grid, corners_mm);
    image::Volume<float> part(grid.cropped(begin, end));
    for (int k = begin[2]; k < end[2]; ++k) {
      for (int j = begin[1]; j < end[1]; ++j) {
        const auto* row = &frame.values.at(begin[0], j, k);
        std::copy(row, row + (end[0] - begin[0]), &part.at(0, j - begin[1], k - begin[2]));
      }
    }
    if (frame.slices.size() == static_cast<std::size_t>(grid.size[2])) {
      frame.slices = {frame.slices.begin() + begin[2], frame.slices.begin() + end[2]};
    }
    frame.values = std::move(part);
  }
}

}  // namespace sojourn::study
