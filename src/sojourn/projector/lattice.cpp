#include "sojourn/projector/lattice.h"

#include <algorithm>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::projector {
namespace {

constexpr std::size_t kMost = (std::size_t{1} << 31) - 16;
constexpr int kTile = 16;  // voxels: a cache line of floats

std::size_t at(std::int32_t stride, int i) {
  return static_cast<std::size_t>(stride) * static_cast<std::size_t>(i);
}

}  // namespace

Lattice::Lattice(const image::Index3& size, Order order) : size_(size) {
  const auto padded = [&](std::size_t a) { return static_cast<std::size_t>(size[a]) + 2; };
  const std::size_t all = padded(0) * padded(1) * padded(2);
  if (all > kMost)
    refuse("an image of {} x {} x {} voxels is too large to project; take larger voxels or crop",
           size[0], size[1], size[2]);
  const auto whole = [](std::size_t n) { return static_cast<std::int32_t>(n); };
  stride_ = order == Order::z_fastest
                ? std::array{whole(padded(2)), whole(padded(2) * padded(0)), 1}
                : std::array{1, whole(padded(0)), whole(padded(0) * padded(1))};
  // slack: a neighbour above the last border (joseph_simd.cpp, fill)
  values_.assign(all + static_cast<std::size_t>(stride_[0] + stride_[1] + stride_[2]) + 2, 0.0F);
}

void Lattice::load(const float* image) {
  const auto [nx, ny, nz] = size_;
  const auto row = static_cast<std::size_t>(nx);
  const auto plane = row * static_cast<std::size_t>(ny);
  core::parallel_for(static_cast<std::size_t>(ny), [&, nx = nx, nz = nz](std::size_t y) {
    const int j = static_cast<int>(y);
    float* to = values_.data() + at(stride_[1], j + 1);
    for (int k0 = 0; k0 < nz; k0 += kTile) {
      for (int i = 0; i < nx; ++i) {
        for (int k = k0; k < std::min(k0 + kTile, nz); ++k) {
          to[at(stride_[0], i + 1) + at(stride_[2], k + 1)] =
              image[static_cast<std::size_t>(k) * plane + y * row + static_cast<std::size_t>(i)];
        }
      }
    }
  });
}

void Lattice::add_row_to(float* image, int j) const {
  const auto [nx, ny, nz] = size_;
  SOJOURN_EXPECT(j >= 0 && j < ny);
  const auto row = static_cast<std::size_t>(nx);
  const auto plane = row * static_cast<std::size_t>(ny);
  const float* from = values_.data() + at(stride_[1], j + 1);
  float* to = image + static_cast<std::size_t>(j) * row;
  for (int k0 = 0; k0 < nz; k0 += kTile) {
    for (int i = 0; i < nx; ++i) {
      for (int k = k0; k < std::min(k0 + kTile, nz); ++k) {
        to[static_cast<std::size_t>(k) * plane + static_cast<std::size_t>(i)] +=
            from[at(stride_[0], i + 1) + at(stride_[2], k + 1)];
      }
    }
  }
}

}  // namespace sojourn::projector
