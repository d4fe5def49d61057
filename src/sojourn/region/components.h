#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/image/geometry.h"

namespace sojourn::region {

/// A yes/no volume: 0 or 1 for each voxel, i fastest.
using Bits = std::vector<std::uint8_t>;

/// Keeps the largest part that hangs together by voxel faces; of equal ones the first in storage
/// order.
void keep_largest(Bits& bits, const image::Index3& size);

/// Fills what is off but cannot be reached from the border within each plane perpendicular to
/// `axis` (0, 1, 2), by pixel edges. Holes in planes include every closed cavity, and lungs that
/// open to the air in other planes.
void fill_holes(Bits& bits, const image::Index3& size, std::size_t axis);

}  // namespace sojourn::region
