#pragma once
#include <optional>
#include <vector>

#include "sojourn/image/volume.h"

/// From a region's posterior to its voxels: a map of living cells and of how sure it is.
namespace sojourn::fate {

/// What one region says about its voxels.
struct RegionFactor {
  double cells_per_bq = 0;                ///< living cells per Bq of decay-corrected activity, >= 0
  double sd_per_bq = 0;                   ///< of that factor; shared by all voxels of the region
  std::optional<double> noise_bq_per_ml;  ///< of its voxels; none: the image's
};

/// What becomes of activity below 0 (noise of the reconstruction).
enum class NegativeActivity {
  keep,  ///< sums over voxels are not biased
  zero   ///< no voxel shows less than no cells
};

/// Voxel-wise maps and what each region adds up to.
struct CellMap {
  image::Volume<float> cells_per_ml, sd_per_ml;
  struct Total {
    double activity_bq = 0, cells = 0, sd = 0;
  };
  std::vector<Total> regions;  ///< shape [n_labels]
};

/// Activity of each label's voxels, Bq: shape [n_labels], label 0 is no region. Divide a region's
/// cells by it to have a factor with which the map adds up to those cells.
/// @throws Error(shape_mismatch) for grids that differ; Error(bad_input) for a label that is not a
/// whole number in [0, n_labels).
[[nodiscard]] std::vector<double> held_activity_bq(
    const image::Volume<float>& activity_bq_per_ml, const image::Volume<float>& labels,
    std::size_t n_labels, NegativeActivity negative = NegativeActivity::zero);

/// Linear propagation, voxel by voxel: n = f A, sd² = (A · sd_f)² + (f · noise)².
/// The sd of a region's total takes the factor's part in full, since all voxels share it, and the
/// noise of the voxels in quadrature: sd² = (A_total · sd_f)² + N (f · noise · ΔV)². Noise that
/// neighbours share makes the second part larger: give the noise of a region from its own spread
/// where it matters.
/// @param activity_bq_per_ml decay-corrected to one time; the factors belong to that time.
/// @param labels same grid, whole numbers; 0: no region, no cells.
/// @param factors shape [n_labels], factors[0] is not used.
/// @param noise_bq_per_ml standard deviation of a voxel, >= 0.
/// @throws as held_activity_bq; Error(bad_input) for factors or noise that are negative or not
/// finite.
[[nodiscard]] CellMap map_cells(const image::Volume<float>& activity_bq_per_ml,
                                const image::Volume<float>& labels,
                                const std::vector<RegionFactor>& factors,
                                double noise_bq_per_ml = 0,
                                NegativeActivity negative = NegativeActivity::zero);

}  // namespace sojourn::fate
