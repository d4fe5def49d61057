#pragma once
#include <cstdint>

#include "sojourn/image/volume.h"

namespace sojourn::simulate {

/// Independent standard normal values, one per voxel; the stream is the voxel's.
[[nodiscard]] image::Volume<float> white_noise(const image::Geometry& grid, std::uint64_t seed);
/// The same, smoothed by a Gaussian and scaled back to unit variance (away from the grid's edges).
[[nodiscard]] image::Volume<float> smooth_noise(const image::Geometry& grid,
                                                const image::Vec3& fwhm_mm, std::uint64_t seed);
/// Means over blocks of n voxels along each axis; what does not fill a block is cut off.
[[nodiscard]] image::Volume<float> block_means(const image::Volume<float>& fine,
                                               const image::Index3& n);

}  // namespace sojourn::simulate
