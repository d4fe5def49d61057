#pragma once
#include <span>
#include <utility>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/image/geometry.h"
#include "sojourn/image/large_allocator.h"

namespace sojourn::image {

/// Values on a grid, i fastest. The unit of the values is said where the volume is held.
template <typename T>
class Volume {
 public:
  using Values = std::vector<T, LargeAllocator<T>>;

  Volume() = default;
  explicit Volume(Geometry geometry, T value = T{})
      : geometry_(std::move(geometry)), values_(geometry_.voxels(), value) {}
  Volume(Geometry geometry, Values values)
      : geometry_(std::move(geometry)), values_(std::move(values)) {
    SOJOURN_EXPECT(values_.size() == geometry_.voxels());
  }

  /// Copies from any other container of values.
  Volume(Geometry geometry, std::span<const T> values)
      : Volume(std::move(geometry), Values(values.begin(), values.end())) {}

  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  [[nodiscard]] Values& values() { return values_; }
  [[nodiscard]] const Values& values() const { return values_; }
  [[nodiscard]] T& at(int i, int j, int k) { return values_[geometry_.offset(i, j, k)]; }
  [[nodiscard]] const T& at(int i, int j, int k) const {
    return values_[geometry_.offset(i, j, k)];
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }

 private:
  Geometry geometry_;
  Values values_;
};

}  // namespace sojourn::image
