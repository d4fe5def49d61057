#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sojourn/transport/decay_source.h"
#include "sojourn/transport/photon_tables.h"
#include "sojourn/transport/voxel_grid.h"

namespace sojourn::transport {

/// Photon energy given up in each region, keV per decay, with its standard deviation.
struct Score {
  std::vector<double> kev_per_decay, sd;  ///< shape [regions]
  double escaped_kev_per_decay = 0;       ///< what left the grid
  double emitted_kev_per_decay = 0;       ///< sum of energy times probability of the lines
};

/// Follows photons of a decay from the source map through the grid (kerma: electrons stop where
/// they start, good for regions wider than some millimetres). For absorbed dose: divide by the
/// mass.
/// @param region_of_voxel shape [voxels], below `regions`; the same grid as `grid`.
/// @param lines photons per decay; annihilation counts as a line of 511 keV with twice the
/// positrons (the pair's two directions matter to no mean).
/// @param photons followed in all; lines are drawn by probability.
/// The result is the same for any number of threads. @throws Error(shape_mismatch),
/// Error(bad_value).
[[nodiscard]] Score score_photons(const VoxelGrid& grid, const PhotonTables& tables,
                                  std::span<const std::uint16_t> region_of_voxel,
                                  std::size_t regions, const SourceMap& source,
                                  std::span<const GammaLine> lines, std::uint64_t photons,
                                  std::uint64_t seed, double cut_kev = 5);

/// Photon lines of a nuclide for dose: gamma, X and annihilation from `lowest_kev` up to 3 MeV.
[[nodiscard]] std::vector<GammaLine> photon_lines(const std::string& nuclide,
                                                  double lowest_kev = 5);

}  // namespace sojourn::transport
