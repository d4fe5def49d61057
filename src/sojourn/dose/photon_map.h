#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/dose/nuclide_kernel.h"
#include "sojourn/image/volume.h"

namespace sojourn::dose {

/// Energy that photons leave in each voxel of a CT, keV, by Monte Carlo. Tissues: the classes of
/// material::tissue_classes with the density of the CT number, in steps of 12 HU.
/// @param decays in each voxel. @param ct_hu on the same grid; outside it is nothing.
[[nodiscard]] image::Volume<float> photon_map(const image::Volume<float>& decays,
                                              const image::Volume<float>& ct_hu,
                                              const std::vector<PhotonLine>& lines,
                                              std::size_t histories, std::uint64_t seed);

}  // namespace sojourn::dose
