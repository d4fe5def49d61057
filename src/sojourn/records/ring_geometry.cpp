#include "sojourn/records/ring_geometry.h"

#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::records {
namespace {

/// Middle of crystal `n` where `count` crystals make a block and blocks have their own pitch.
double place(int n, int count, int blocks, double pitch, double block_pitch) {
  const int block = n / count, inside = n % count;
  return (block - (blocks - 1) / 2.0) * block_pitch + (inside - (count - 1) / 2.0) * pitch;
}

}  // namespace

double RingGeometry::ring_z_mm(int ring) const {
  return place(ring, crystals_axial, blocks_axial, pitch_axial_mm, block_pitch_axial_mm);
}

double RingGeometry::column_mm(int column) const {
  return place(column, crystals_tangential, blocks_tangential, pitch_tangential_mm,
               block_pitch_tangential_mm);
}

double RingGeometry::half_length_mm() const {
  return ring_z_mm(rings() - 1) + crystal_axial_mm / 2;
}

double RingGeometry::half_width_mm() const {
  return column_mm(crystals_per_sector() - 1) + crystal_tangential_mm / 2;
}

image::Vec3 RingGeometry::point_mm(std::uint32_t crystal, double depth_mm) const {
  SOJOURN_EXPECT(crystal < crystals());
  const int in_ring = static_cast<int>(crystal % static_cast<std::uint32_t>(crystals_per_ring()));
  const int sector = in_ring / crystals_per_sector(), column = in_ring % crystals_per_sector();
  const double angle = 2 * std::numbers::pi * sector / sectors;
  const double r = radius_mm + depth_mm, t = column_mm(column);
  return {r * std::cos(angle) - t * std::sin(angle), r * std::sin(angle) + t * std::cos(angle),
          ring_z_mm(ring_of(crystal))};
}

}  // namespace sojourn::records
