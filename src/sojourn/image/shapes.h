#pragma once
#include <string>

#include "sojourn/image/region_mask.h"

namespace sojourn::image {

/// Volume of a sphere in mL.
[[nodiscard]] double sphere_ml(double radius_mm);
/// Radius of the sphere that has this volume: 1 mL -> 6.2035 mm.
[[nodiscard]] double sphere_radius_mm(double volume_ml);

/// A sphere on the grid of an image: each voxel's fraction inside, by 10^3 points where the surface
/// may cross it.
[[nodiscard]] RegionMask sphere_region(std::string name, const Vec3& center_mm, double radius_mm,
                                       const Geometry& grid);

/// A box with faces perpendicular to the patient's axes (LPS mm), as a grid of one voxel: exact
/// wherever it is used.
[[nodiscard]] RegionMask box_region(std::string name, const Vec3& min_mm, const Vec3& max_mm);

}  // namespace sojourn::image
