#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/transport/decay_source.h"

namespace sojourn::transport {

SourceMap::SourceMap(const image::Geometry& geometry, std::span<const float> weights)
    : geometry_(geometry) {
  if (weights.size() != geometry.voxels())
    throw Error(ErrorCode::shape_mismatch, fmt::format("{} activities for a grid of {} voxels",
                                                       weights.size(), geometry.voxels()));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double w = static_cast<double>(weights[i]);
    if (!(w >= 0) || !std::isfinite(w))
      throw Error(ErrorCode::bad_value,
                  fmt::format("activity {} of voxel {} is no activity", w, i));
    if (w > 0)
      columns_.push_back({1, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i)});
    total_ += w;
  }
  if (columns_.empty())
    throw Error(ErrorCode::bad_value, "no voxel of the source holds activity; give it some");
  // Walker's method in Vose's form: small columns are filled up by large ones
  const std::size_t n = columns_.size();
  std::vector<double> height(n);
  std::vector<std::uint32_t> small, large;
  for (std::size_t i = 0; i < n; ++i) {
    height[i] = static_cast<double>(weights[columns_[i].own]) / total_ * static_cast<double>(n);
    (height[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
  }
  while (!small.empty() && !large.empty()) {
    const auto low = small.back(), high = large.back();
    small.pop_back();
    columns_[low].keep = static_cast<float>(height[low]);
    columns_[low].other = columns_[high].own;
    height[high] -= 1 - height[low];
    if (height[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
}

image::Vec3 SourceMap::sample(Stream& random, const Range& range) const {
  const double count = static_cast<double>(range.end - range.begin);
  const auto& column = columns_[range.begin + static_cast<std::size_t>(random.uniform() * count)];
  const std::uint32_t voxel = random.uniform_f() < column.keep ? column.own : column.other;
  const auto nx = static_cast<std::uint32_t>(geometry_.size[0]),
             ny = static_cast<std::uint32_t>(geometry_.size[1]);
  const std::uint32_t row = voxel / nx;
  const std::array<std::uint32_t, 3> index{voxel % nx, row % ny, row / ny};
  image::Vec3 mm{};
  for (std::size_t a = 0; a < 3; ++a)
    mm[a] = geometry_.origin_mm[a] +
            geometry_.spacing_mm[a] * (static_cast<double>(index[a]) + random.uniform() - 0.5);
  return mm;
}

}  // namespace sojourn::transport
