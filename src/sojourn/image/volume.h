#pragma once
#include <utility>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/image/geometry.h"

namespace sojourn::image {

/// Values on a grid, i fastest. The unit of the values is said where the volume is held.
template <typename T>
class Volume {
 public:
  Volume() = default;
  explicit Volume(Geometry geometry, T value = T{})
      : geometry_(std::move(geometry)), values_(geometry_.voxels(), value) {}
  Volume(Geometry geometry, std::vector<T> values)
      : geometry_(std::move(geometry)), values_(std::move(values)) {
    SOJOURN_EXPECT(values_.size() == geometry_.voxels());
  }

  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  [[nodiscard]] std::vector<T>& values() { return values_; }
  [[nodiscard]] const std::vector<T>& values() const { return values_; }
  [[nodiscard]] T& at(int i, int j, int k) { return values_[geometry_.offset(i, j, k)]; }
  [[nodiscard]] const T& at(int i, int j, int k) const {
    return values_[geometry_.offset(i, j, k)];
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }

 private:
  Geometry geometry_;
  std::vector<T> values_;
};

}  // namespace sojourn::image
