#pragma once
#include <optional>

#include "sojourn/image/coverage.h"
#include "sojourn/image/volume.h"

namespace sojourn::measure {

/// Which voxels a sphere counts: those whose centres lie within it, whole (IBSI), or each by its
/// part inside.
enum class SphereWeights { voxel_centres, partial_volume };

/// Mean in a sphere (1 mL: radius 6.2 mm) around the brightest voxel of a region, and the highest
/// such mean over all voxel centres of the region. Spheres may leave the region; where they leave
/// the image, the part inside it counts. Voxels that the region covers by half or more belong to
/// it; of a thinner region, the best covered ones. On fine grids (the sphere holds more than 12
/// voxels across) the search for the highest mean runs over every second, third… voxel and then
/// climbs to the top voxel by voxel.
/// @source IBSI reference manual, arXiv:1612.07003, local (VJGA) and global (0F91) intensity peak;
/// Wahl et al.,
///         J Nucl Med 2009;50 Suppl 1:122S-150S (PERCIST: SUVpeak is the highest mean).
struct IntensityPeak {
  double local = 0, global = 0;
};
[[nodiscard]] std::optional<IntensityPeak> intensity_peak(
    const image::Volume<float>& image, const image::Coverage& region,
    SphereWeights weights = SphereWeights::partial_volume, double sphere_ml = 1.0);

/// Voxels that speak for a region: covered by half or more, or as well as any where none is.
/// @return the least covered volume that counts, in mL; nothing where the region misses the image.
[[nodiscard]] std::optional<double> least_covered_ml(const image::Coverage& region);

}  // namespace sojourn::measure
