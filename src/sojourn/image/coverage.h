#pragma once
#include <vector>

#include "sojourn/image/region_mask.h"

namespace sojourn::image {

/// The overlap of a region with an image as a block of voxels: what `overlap` lists, in half the
/// memory.
struct Coverage {
  Index3 begin{0, 0, 0};  ///< first image voxel of the block
  Index3 size{0, 0, 0};   ///< voxels of the block; 0 where the region misses the image
  std::vector<double>
      volume_ml;        ///< shape [size], i fastest: volume of each voxel inside the region
  double voxel_ml = 0;  ///< of the image

  [[nodiscard]] double total_ml() const;
  /// Calls visit(offset into the image, volume_ml) where the volume is > 0, in the order of
  /// offsets.
  template <typename Visit>
  void each(const Geometry& image, Visit&& visit) const {
    std::size_t at = 0;
    for (int k = 0; k < size[2]; ++k) {
      for (int j = 0; j < size[1]; ++j) {
        const std::size_t row = image.offset(begin[0], begin[1] + j, begin[2] + k);
        for (int i = 0; i < size[0]; ++i, ++at) {
          if (volume_ml[at] > 0) visit(row + static_cast<std::size_t>(i), volume_ml[at]);
        }
      }
    }
  }
};

/// Exact where the axes are parallel; where they are rotated, voxels are subdivided to a quarter of
/// an image voxel.
[[nodiscard]] Coverage cover(const RegionMask& region, const Geometry& image);

}  // namespace sojourn::image
