#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sojourn/image/large_allocator.h"
#include "sojourn/image/volume.h"

namespace sojourn::projector {

/// Memory order of a working copy of an image. Rays that march along x or y interpolate along z and
/// one more axis; with z fastest, two of the four neighbours lie side by side. Rays along z use the
/// other order.
enum class Order { z_fastest, x_fastest };

/// A working copy of an image with a border of zeros one voxel wide, so that the four neighbours of
/// any point of a ray can be read, or added to, without asking whether they exist.
class Lattice {
 public:
  using Values = std::vector<float, image::LargeAllocator<float>>;

  Lattice() = default;
  /// All zero. @throws Error(bad_input) over 2^31 values.
  Lattice(const image::Index3& size, Order order);

  /// Offset of a step of one voxel along x, y, z.
  [[nodiscard]] const std::array<std::int32_t, 3>& stride() const { return stride_; }
  [[nodiscard]] const float* data() const { return values_.data(); }
  [[nodiscard]] float* data() { return values_.data(); }
  [[nodiscard]] bool empty() const { return values_.empty(); }

  /// Copies an image (i fastest, no border) in.
  void load(const float* image);
  /// Adds the inside at this j to the same of an image (i fastest, no border).
  void add_row_to(float* image, int j) const;

 private:
  image::Index3 size_{0, 0, 0};
  std::array<std::int32_t, 3> stride_{0, 0, 0};
  Values values_;
};

}  // namespace sojourn::projector
