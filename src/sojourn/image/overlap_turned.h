#pragma once
#include "sojourn/image/coverage.h"

namespace sojourn::image {

/// Makes `block` the voxels from `first` to `last`, empty.
void set_block(Coverage& block, const Index3& first, const Index3& last);

/// Overlap of a region whose grid is rotated against the image's, by subdividing the voxels that
/// cross a face of the image's voxels. Keeps the volume exactly.
void cover_turned(const Volume<float>& fraction, const Geometry& image, Coverage& block);

}  // namespace sojourn::image
