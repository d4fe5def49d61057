#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sojourn/dose/nuclide_kernel.h"

namespace sojourn::dose {

/// Energy that a decay in one voxel leaves in voxels around it, water, keV per decay; shape
/// [2 reach + 1] along each axis, i fastest.
struct VoxelKernel {
  std::array<int, 3> reach{};
  std::vector<float> electrons, photons;
};

/// Means over the source voxel and over the target voxel, by drawing places and directions for the
/// shells of the kernel; the eight mirror images are averaged.
/// @param draws places per shell.
[[nodiscard]] VoxelKernel voxel_kernel(const NuclideKernel& kernel,
                                       const std::array<double, 3>& spacing_mm,
                                       const std::array<int, 3>& reach, std::size_t draws,
                                       std::uint64_t seed);

/// The photons that `reach` fine voxels leave out, on blocks of `block` voxels: energy per decay in
/// a block from a block, means over both; shape [2 coarse_reach + 1].
[[nodiscard]] std::vector<float> far_kernel(const NuclideKernel& kernel,
                                            const std::array<double, 3>& spacing_mm,
                                            const std::array<int, 3>& reach, int block,
                                            const std::array<int, 3>& coarse_reach);

}  // namespace sojourn::dose
