#include "sojourn/transport/voxel_grid.h"

#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::transport {

VoxelGrid::VoxelGrid(const image::Geometry& geometry, std::vector<std::uint8_t> media)
    : geometry_(geometry), media_(std::move(media)) {
  if (media_.size() != geometry_.voxels() || media_.empty())
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("{} media for a grid of {} voxels", media_.size(), geometry_.voxels()));
  for (std::size_t a = 0; a < 3; ++a) {
    if (std::abs(geometry_.axis[a][a] - 1) > 1e-6)
      throw Error(ErrorCode::bad_value,
                  "the voxels of a transport grid must lie along x, y and z; resample the image");
    low_[a] = geometry_.origin_mm[a] - geometry_.spacing_mm[a] / 2;
    high_[a] = low_[a] + geometry_.spacing_mm[a] * geometry_.size[a];
    inverse_[a] = 1 / geometry_.spacing_mm[a];
  }
  columns_ = static_cast<std::size_t>(geometry_.size[0]);
  rows_ = static_cast<std::size_t>(geometry_.size[1]);
}

bool VoxelGrid::enter(Photon& p) const {
  const std::array<double, 3> at{p.x, p.y, p.z}, step{p.u, p.v, p.w};
  double near = 0, far = 1e300;
  for (std::size_t a = 0; a < 3; ++a) {
    if (step[a] == 0) {
      if (at[a] < low_[a] || at[a] > high_[a]) return false;
      continue;
    }
    double first = (low_[a] - at[a]) / step[a], second = (high_[a] - at[a]) / step[a];
    if (first > second) std::swap(first, second);
    near = std::max(near, first);
    far = std::min(far, second);
  }
  if (near >= far) return false;
  p.x += near * p.u, p.y += near * p.v, p.z += near * p.w;
  p.path_mm += near;
  return true;
}

}  // namespace sojourn::transport
