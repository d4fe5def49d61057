#pragma once
#include <vector>

#include "sojourn/image/region_mask.h"

namespace sojourn::region {

/// A block of voxels of an image with a value for each, i fastest.
struct Block {
  image::Index3 begin{0, 0, 0}, size{0, 0, 0};
  image::Volume<float>::Values values;

  [[nodiscard]] bool empty() const { return values.empty(); }
  /// Grown by `margin` voxels on each side as far as the image goes; zero in what is new.
  [[nodiscard]] Block grown(const image::Index3& margin, const image::Index3& image_size) const;
  /// Calls visit(offset into the image, index into the block).
  template <typename Visit>
  void each(const image::Geometry& grid, Visit&& visit) const {
    std::size_t at = 0;
    for (int k = 0; k < size[2]; ++k) {
      for (int j = 0; j < size[1]; ++j) {
        const std::size_t row = grid.offset(begin[0], begin[1] + j, begin[2] + k);
        for (int i = 0; i < size[0]; ++i, ++at) visit(row + static_cast<std::size_t>(i), at);
      }
    }
  }
};

/// Scanner's Gaussian on a block, which must be large enough to hold what it spreads
/// (reach_voxels). The discrete kernel has the variance of the Gaussian itself: the fractions that
/// it blurs are voxel averages already, so integrating it over voxels once more would blur twice.
void blur(Block& block, const image::Vec3& sigma_voxels);
[[nodiscard]] image::Index3 reach_voxels(const image::Vec3& sigma_voxels);

/// The image cut into parts that do not overlap, each taken as uniform: first one for each region
/// (what no smaller region covers), then the shells around them, then the rest of the body. What is
/// left, the air and all beyond, is the complement of the sum.
struct TissueParts {
  std::vector<Block> parts;  ///< fraction of each voxel; the first `regions` belong to the regions
  std::size_t regions = 0;
  std::vector<Block> covered;  ///< for each region, its whole fraction, smaller regions included
};

/// @param body may be null: then shells and rest reach as far as the image.
[[nodiscard]] TissueParts cut_into_parts(const image::Geometry& grid,
                                         const std::vector<image::RegionMask>& regions,
                                         const image::Vec3& sigma_voxels,
                                         const image::RegionMask* body);

}  // namespace sojourn::region
