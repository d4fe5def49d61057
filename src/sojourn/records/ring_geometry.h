#pragma once
#include <array>
#include <cstdint>

#include "sojourn/image/geometry.h"

namespace sojourn::records {

/// Crystals of a PET scanner: flat sectors around the z axis, each of blocks of crystals. Crystal
/// index = ring * crystals_per_ring() + place in the ring; rings ascend with z, places go
/// counter-clockwise seen from +z; sector 0 is centred on +x. Millimetres.
struct RingGeometry {
  int sectors = 0;              ///< flat faces around the axis
  int blocks_tangential = 1;    ///< blocks side by side in a sector
  int crystals_tangential = 0;  ///< in a block
  int blocks_axial = 1;
  int crystals_axial = 0;  ///< in a block
  double radius_mm = 0;    ///< from the axis to the front of the crystals
  double crystal_tangential_mm = 0, crystal_axial_mm = 0, crystal_depth_mm = 0;
  double pitch_tangential_mm = 0, pitch_axial_mm = 0;              ///< of crystals in a block
  double block_pitch_tangential_mm = 0, block_pitch_axial_mm = 0;  ///< of blocks

  [[nodiscard]] int rings() const { return blocks_axial * crystals_axial; }
  [[nodiscard]] int crystals_per_sector() const { return blocks_tangential * crystals_tangential; }
  [[nodiscard]] int crystals_per_ring() const { return sectors * crystals_per_sector(); }
  [[nodiscard]] std::uint32_t crystals() const {
    return static_cast<std::uint32_t>(rings()) * static_cast<std::uint32_t>(crystals_per_ring());
  }
  [[nodiscard]] int ring_of(std::uint32_t crystal) const {
    return static_cast<int>(crystal / static_cast<std::uint32_t>(crystals_per_ring()));
  }
  /// Half length of all blocks with their gaps.
  [[nodiscard]] double half_length_mm() const;
  /// Half width of a sector from its first crystal to its last.
  [[nodiscard]] double half_width_mm() const;
  /// z of the centre of a ring; distance of a column of a sector from the sector's middle.
  [[nodiscard]] double ring_z_mm(int ring) const;
  [[nodiscard]] double column_mm(int column) const;
  /// A point inside a crystal, `depth_mm` behind its front face on its long axis.
  [[nodiscard]] image::Vec3 point_mm(std::uint32_t crystal, double depth_mm) const;
};

}  // namespace sojourn::records
