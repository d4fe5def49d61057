#pragma once
#include <string>
#include <vector>

#include "sojourn/image/volume.h"

namespace sojourn::image {

/// One region on a grid of its own: the fraction of each voxel that lies inside, in [0, 1], cropped
/// to where it is not zero. An empty region (nothing inside) has an empty fraction volume and is
/// kept: it is a result.
struct RegionMask {
  std::string name;
  int value = 0;  ///< label in the file it came from; 0 where there is none
  Volume<float> fraction;

  /// Sum of fraction x voxel volume.
  [[nodiscard]] double volume_ml() const;
};

/// Voxel of an image and the volume of it that a region covers.
struct Overlap {
  std::size_t offset = 0;  ///< into the values of the image
  double volume_ml = 0;
};

/// How much of each image voxel a region covers, by exact box overlap where the two grids' axes are
/// parallel (in any order and sense), by subdividing the region's voxels where they are rotated.
/// The sum of volume_ml is the volume of the region inside the image's field of view.
/// @return entries with volume_ml > 0, sorted by offset.
[[nodiscard]] std::vector<Overlap> overlap(const RegionMask& region, const Geometry& image);

/// Fraction of each image voxel that the region covers, in [0, 1].
[[nodiscard]] Volume<float> fraction_on(const RegionMask& region, const Geometry& image);

/// Splits a label map into its regions (values > 0), each cropped. `names` gives {value, name}; a
/// value without a name is called "label_7"; a name whose value does not occur gives an empty
/// region.
[[nodiscard]] std::vector<RegionMask> split_labels(
    const Volume<int>& labels, const std::vector<std::pair<int, std::string>>& names);

/// Crops a fraction volume on a full grid to its bounding box.
[[nodiscard]] RegionMask make_region(std::string name, int value, const Volume<float>& fraction);

}  // namespace sojourn::image
