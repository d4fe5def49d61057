#include "sojourn/image/overlap_turned.h"

#include <algorithm>
#include <cmath>

namespace sojourn::image {
namespace {

constexpr double kLeaf = 0.25;  // of an image voxel: subdivided until no longer than this

/// A region voxel that is turned against the image: its middle and edges in image voxels.
class TurnedVoxels {
 public:
  TurnedVoxels(const Geometry& region, const Geometry& image, Coverage& block)
      : image_(image), block_(block) {
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        edge_[a][b] =
            dot(region.axis[a], image.axis[b]) * region.spacing_mm[a] / image.spacing_mm[b];
      }
      double longest = 0;
      for (std::size_t b = 0; b < 3; ++b) longest = std::max(longest, std::abs(edge_[a][b]));
      parts_[a] = std::max(1, static_cast<int>(std::ceil(longest / kLeaf)));
    }
    for (std::size_t b = 0; b < 3; ++b) {
      double variance = 0;
      for (std::size_t a = 0; a < 3; ++a) {
        half_whole_[b] += 0.5 * std::abs(edge_[a][b]);
        const double part = edge_[a][b] / parts_[a];
        variance += part * part;
      }
      // A box along the image's axes with the same spread as the turned part: right to second
      // order.
      half_part_[b] = 0.5 * std::sqrt(variance);
    }
  }

  void add(const Vec3& middle, double ml) {
    Index3 at{};
    if (inside_one(middle, half_whole_, at)) {
      deposit(at, ml);
      return;
    }
    const double share = ml / (static_cast<double>(parts_[0]) * parts_[1] * parts_[2]);
    for (int r = 0; r < parts_[2]; ++r) {
      for (int q = 0; q < parts_[1]; ++q) {
        for (int p = 0; p < parts_[0]; ++p) {
          const Vec3 u = {(p + 0.5) / parts_[0] - 0.5, (q + 0.5) / parts_[1] - 0.5,
                          (r + 0.5) / parts_[2] - 0.5};
          Vec3 center = middle;
          for (std::size_t b = 0; b < 3; ++b) {
            center[b] += u[0] * edge_[0][b] + u[1] * edge_[1][b] + u[2] * edge_[2][b];
          }
          add_part(center, share);
        }
      }
    }
  }
  [[nodiscard]] const Vec3& half_whole() const { return half_whole_; }

 private:
  static bool inside_one(const Vec3& middle, const Vec3& half, Index3& at) {
    for (std::size_t b = 0; b < 3; ++b) {
      const double low = std::floor(middle[b] - half[b] + 0.5);
      if (low != std::floor(middle[b] + half[b] + 0.5)) return false;
      at[b] = static_cast<int>(low);
    }
    return true;
  }

  void deposit(const Index3& at, double ml) {
    if (!image_.contains(at[0], at[1], at[2])) return;
    const auto x = static_cast<std::size_t>(at[0] - block_.begin[0]);
    const auto y = static_cast<std::size_t>(at[1] - block_.begin[1]);
    const auto z = static_cast<std::size_t>(at[2] - block_.begin[2]);
    const auto nx = static_cast<std::size_t>(block_.size[0]),
               ny = static_cast<std::size_t>(block_.size[1]);
    block_.volume_ml[(z * ny + y) * nx + x] += ml;
  }

  /// Shares a part between the two voxels that its box may touch along each axis.
  void add_part(const Vec3& center, double ml) {
    std::array<int, 3> low{};
    std::array<std::array<double, 2>, 3> weight{};
    for (std::size_t b = 0; b < 3; ++b) {
      const double from = center[b] - half_part_[b], to = center[b] + half_part_[b];
      low[b] = static_cast<int>(std::floor(from + 0.5));
      const double face = low[b] + 0.5;
      weight[b][1] = std::clamp((to - face) / (to - from), 0.0, 1.0);
      weight[b][0] = 1 - weight[b][1];
    }
    for (std::size_t c = 0; c < 8; ++c) {
      const std::size_t x = c & 1, y = c >> 1 & 1, z = c >> 2;
      const double w = weight[0][x] * weight[1][y] * weight[2][z];
      if (w > 0) {
        deposit({low[0] + static_cast<int>(x), low[1] + static_cast<int>(y),
                 low[2] + static_cast<int>(z)},
                w * ml);
      }
    }
  }

  const Geometry& image_;
  Coverage& block_;
  std::array<Vec3, 3> edge_{};
  std::array<int, 3> parts_{};
  Vec3 half_whole_{}, half_part_{};
};

/// Image voxels that the region's bounding box may touch. False: none.
bool turned_bounds(const Geometry& region, const Geometry& image, Index3& first, Index3& last) {
  Vec3 low{1e300, 1e300, 1e300}, high{-1e300, -1e300, -1e300};
  for (int corner = 0; corner < 8; ++corner) {
    Vec3 at;
    for (std::size_t a = 0; a < 3; ++a)
      at[a] = (corner >> a & 1) != 0 ? region.size[a] - 0.5 : -0.5;
    const Vec3 voxel = image.to_voxel(region.to_mm(at));
    for (std::size_t b = 0; b < 3; ++b) {
      low[b] = std::min(low[b], voxel[b]);
      high[b] = std::max(high[b], voxel[b]);
    }
  }
  for (std::size_t b = 0; b < 3; ++b) {
    // Two voxels more: the boxes that stand for turned parts reach a little further than the
    // corners.
    first[b] = static_cast<int>(
        std::clamp(std::floor(low[b]) - 2, 0.0, static_cast<double>(image.size[b])));
    last[b] = static_cast<int>(std::clamp(std::ceil(high[b]) + 2, -1.0, image.size[b] - 1.0));
    if (last[b] < first[b]) return false;
  }
  return true;
}

}  // namespace

void cover_turned(const Volume<float>& fraction, const Geometry& image, Coverage& block) {
  const Geometry& region = fraction.geometry();
  Index3 first{}, last{};
  if (!turned_bounds(region, image, first, last)) return;
  set_block(block, first, last);
  TurnedVoxels voxels(region, image, block);
  const double voxel_ml = region.voxel_ml();
  for (int k = 0; k < region.size[2]; ++k) {
    for (int j = 0; j < region.size[1]; ++j) {
      const Vec3 start =
          image.to_voxel(region.to_mm({0.0, static_cast<double>(j), static_cast<double>(k)}));
      const Vec3 next =
          image.to_voxel(region.to_mm({1.0, static_cast<double>(j), static_cast<double>(k)}));
      const float* row = fraction.values().data() + region.offset(0, j, k);
      for (int i = 0; i < region.size[0]; ++i) {
        if (row[i] == 0.0F) continue;
        const Vec3 middle = start + static_cast<double>(i) * (next - start);
        bool near = true;
        for (std::size_t b = 0; b < 3; ++b) {
          const double reach = voxels.half_whole()[b] + 2;
          near = near && middle[b] > -reach && middle[b] < image.size[b] + reach;
        }
        if (near) voxels.add(middle, static_cast<double>(row[i]) * voxel_ml);
      }
    }
  }
}

}  // namespace sojourn::image
