#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/transport/photon.h"

namespace sojourn::transport {

/// A box of voxels, each of one medium (an index into PhotonTables), its axes along x, y, z.
class VoxelGrid {
 public:
  /// @param media shape [voxels], i fastest. @throws Error(shape_mismatch) for another size,
  /// Error(bad_value) for turned axes.
  VoxelGrid(const image::Geometry& geometry, std::vector<std::uint8_t> media);

  [[nodiscard]] const image::Geometry& geometry() const { return geometry_; }
  [[nodiscard]] std::span<const std::uint8_t> media() const { return media_; }
  [[nodiscard]] std::uint8_t medium(std::size_t offset) const { return media_[offset]; }
  /// Lowest and highest corner of the box, mm.
  [[nodiscard]] const std::array<double, 3>& low() const { return low_; }
  [[nodiscard]] const std::array<double, 3>& high() const { return high_; }

  /// Voxel of a point inside the box; points on or just outside its faces count to the nearest.
  [[nodiscard]] std::size_t offset_of(double x, double y, double z) const {
    const auto place = [](double at, int size) {
      return static_cast<std::size_t>(std::clamp(static_cast<int>(at), 0, size - 1));
    };
    const std::size_t i = place((x - low_[0]) * inverse_[0], geometry_.size[0]);
    const std::size_t j = place((y - low_[1]) * inverse_[1], geometry_.size[1]);
    const std::size_t k = place((z - low_[2]) * inverse_[2], geometry_.size[2]);
    return (k * rows_ + j) * columns_ + i;
  }

  /// Distance from inside the box to its surface along the direction, mm.
  [[nodiscard]] double to_surface_mm(const Photon& p) const {
    const auto side = [](double at, double step, double low, double high) {
      return step > 0 ? (high - at) / step : step < 0 ? (low - at) / step : 1e300;
    };
    return std::min({side(p.x, p.u, low_[0], high_[0]), side(p.y, p.v, low_[1], high_[1]),
                     side(p.z, p.w, low_[2], high_[2])});
  }

  /// Moves a photon from outside to where it enters the box. @return false where it never does.
  [[nodiscard]] bool enter(Photon& p) const;

 private:
  image::Geometry geometry_;
  std::vector<std::uint8_t> media_;
  std::array<double, 3> low_{}, high_{}, inverse_{};
  std::size_t columns_ = 0, rows_ = 0;
};

}  // namespace sojourn::transport
