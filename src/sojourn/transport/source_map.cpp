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
    if (w > 0) voxel_.push_back(static_cast<std::uint32_t>(i));
    total_ += w;
  }
  if (voxel_.empty())
    throw Error(ErrorCode::bad_value, "no voxel of the source holds activity; give it some");
  // Walker's method in Vose's form: small columns are filled up by large ones
  const std::size_t n = voxel_.size();
  std::vector<double> height(n);
  std::vector<std::uint32_t> small, large;
  for (std::size_t i = 0; i < n; ++i) {
    height[i] = static_cast<double>(weights[voxel_[i]]) / total_ * static_cast<double>(n);
    (height[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
  }
  keep_.assign(n, 1);
  alias_.resize(n);
  for (std::size_t i = 0; i < n; ++i) alias_[i] = static_cast<std::uint32_t>(i);
  while (!small.empty() && !large.empty()) {
    const auto low = small.back(), high = large.back();
    small.pop_back();
    keep_[low] = static_cast<float>(height[low]);
    alias_[low] = high;
    height[high] -= 1 - height[low];
    if (height[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
}

image::Vec3 SourceMap::sample(Stream& random) const {
  const double at = random.uniform() * static_cast<double>(voxel_.size());
  auto column = static_cast<std::size_t>(at);
  if (random.uniform_f() >= keep_[column]) column = alias_[column];
  const std::size_t voxel = voxel_[column];
  const auto nx = static_cast<std::size_t>(geometry_.size[0]),
             ny = static_cast<std::size_t>(geometry_.size[1]);
  const std::array<std::size_t, 3> index{voxel % nx, voxel / nx % ny, voxel / (nx * ny)};
  image::Vec3 mm{};
  for (std::size_t a = 0; a < 3; ++a)
    mm[a] = geometry_.origin_mm[a] +
            geometry_.spacing_mm[a] * (static_cast<double>(index[a]) + random.uniform() - 0.5);
  return mm;
}

}  // namespace sojourn::transport
