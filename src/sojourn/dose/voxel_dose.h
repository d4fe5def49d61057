#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/dose/nuclide_kernel.h"
#include "sojourn/image/volume.h"

namespace sojourn::dose {

struct VoxelSetting {
  std::size_t photons = 200000, electrons = 10000;  ///< histories of the nuclide's kernel
  std::size_t draws = 100000;                       ///< per shell of the voxel kernel
  std::uint64_t seed = 1;
};

/// Dose in Gy from decays per mL, by kernels in water: within some voxels exact on the grid,
/// photons further away on blocks of four. Energy of electrons is divided by the voxel's own mass,
/// that of photons by water's (they lose energy in proportion to density).
/// @param decays_per_ml time-integrated activity concentration, Bq s/mL; axes of any direction.
/// @param density_g_per_ml on the same grid; empty: 1 everywhere. Under 0.05 g/mL (air) the dose is
/// 0. @throws Error(shape_mismatch) for another grid.
[[nodiscard]] image::Volume<float> voxel_dose(const image::Volume<float>& decays_per_ml,
                                              const image::Volume<float>& density_g_per_ml,
                                              const NuclideKernel& kernel,
                                              const VoxelSetting& setting = {});

/// The same with photons followed one by one through the tissues of a CT; electrons stay with the
/// kernels. @param ct_hu CT numbers on the grid of the activity. @param histories of photons; the
/// standard error of a voxel falls as its square root.
[[nodiscard]] image::Volume<float> voxel_dose_in_ct(const image::Volume<float>& decays_per_ml,
                                                    const image::Volume<float>& ct_hu,
                                                    const nuclide::Nuclide& nuclide,
                                                    const NuclideKernel& kernel,
                                                    std::size_t histories,
                                                    const VoxelSetting& setting = {});

/// Densities of CT numbers, g/mL.
[[nodiscard]] image::Volume<float> densities(const image::Volume<float>& ct_hu);

/// A dose-volume histogram: part of the volume that gets at least each dose.
struct DoseVolume {
  double volume_ml = 0, mean_gy = 0, least_gy = 0, most_gy = 0;
  std::vector<double> dose_gy, part;  ///< `bins` + 1 doses from 0 to the largest
  /// Dose that a part of the volume gets at least: D95 for 0.95.
  [[nodiscard]] double dose_of(double volume_part) const;
  std::vector<float> sorted_gy;  ///< of all voxels, ascending
};

/// @param label voxels of `labels` that have it. @throws Error(bad_input) where there are none.
[[nodiscard]] DoseVolume dose_volume(const image::Volume<float>& dose_gy,
                                     const image::Volume<int>& labels, int label, int bins = 200);

}  // namespace sojourn::dose
