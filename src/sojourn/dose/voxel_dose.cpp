#include "sojourn/dose/voxel_dose.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/dose/photon_map.h"
#include "sojourn/dose/voxel_kernel.h"
#include "sojourn/material/ct_number.h"
#include "sojourn/numerics/convolution.h"
#include "sojourn/units/units.h"

namespace sojourn::dose {
namespace {

constexpr double kJoulePerKev = 1.602176634e-16;  // CODATA 2018, exact
constexpr int kBlock = 4, kNear = 14;             // voxels; the near kernel's least reach
constexpr double kAir_g_per_ml = 0.05;

using Index3 = std::array<int, 3>;

/// Distance that all but a millionth of the electrons' energy stays within, mm.
double electrons_reach_mm(const NuclideKernel& kernel) {
  const auto kev = kernel.electrons_kev();
  double beyond = 0;
  std::size_t s = kev.size();
  while (s > 1 && beyond + kev[s - 1] < 1e-6 * kernel.electron_energy_kev()) beyond += kev[--s];
  return NuclideKernel::edges_mm()[s];
}

/// Voxels of the near kernel to each side.
Index3 near_reach(const image::Geometry& g, const NuclideKernel& kernel) {
  Index3 reach{};
  for (std::size_t a = 0; a < 3; ++a) {
    const int needed = static_cast<int>(std::ceil(electrons_reach_mm(kernel) / g.spacing_mm[a]));
    reach[a] = std::min(std::max(kNear, needed), std::max(g.size[a] - 1, 0));
  }
  return reach;
}

/// Sums over blocks of voxels.
image::Volume<float> blocks_of(const image::Volume<float>& v) {
  image::Geometry g = v.geometry();
  for (std::size_t a = 0; a < 3; ++a) {
    g.size[a] = (g.size[a] + kBlock - 1) / kBlock;
    g.spacing_mm[a] *= kBlock;
  }
  image::Volume<float> sums(g);
  const auto& fine = v.geometry();
  core::parallel_for(static_cast<std::size_t>(g.size[2]), [&](std::size_t plane) {
    const int c = static_cast<int>(plane);
    for (int k = kBlock * c; k < std::min(kBlock * (c + 1), fine.size[2]); ++k)
      for (int j = 0; j < fine.size[1]; ++j)
        for (int i = 0; i < fine.size[0]; ++i) sums.at(i / kBlock, j / kBlock, c) += v.at(i, j, k);
  });
  return sums;
}

/// Value of a coarse field at the middle of a fine voxel, straight between middles of blocks.
class Between {
 public:
  Between(const image::Geometry& coarse, std::vector<float> values)
      : g_(coarse), values_(std::move(values)) {}
  [[nodiscard]] float at(int i, int j, int k) const {
    const std::array<int, 3> fine{i, j, k};
    std::array<int, 3> low{};
    std::array<float, 3> part{};
    for (std::size_t a = 0; a < 3; ++a) {
      const float place = (static_cast<float>(fine[a]) + 0.5F) / kBlock - 0.5F;
      const float held = std::clamp(place, 0.0F, static_cast<float>(g_.size[a] - 1));
      low[a] = std::min(static_cast<int>(held), std::max(g_.size[a] - 2, 0));
      part[a] = held - static_cast<float>(low[a]);
    }
    float sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
      float weight = 1;
      std::array<int, 3> at{};
      for (std::size_t a = 0; a < 3; ++a) {
        const bool up = (corner >> a) & 1;
        weight *= up ? part[a] : 1 - part[a];
        at[a] = std::min(low[a] + (up ? 1 : 0), g_.size[a] - 1);
      }
      if (weight != 0) sum += weight * values_[g_.offset(at[0], at[1], at[2])];
    }
    return sum;
  }

 private:
  image::Geometry g_;
  std::vector<float> values_;
};

Between far_photons(const image::Volume<float>& decays, const NuclideKernel& kernel,
                    const Index3& reach) {
  const auto blocks = blocks_of(decays);
  const auto& g = blocks.geometry();
  const Index3 coarse{g.size[0] - 1, g.size[1] - 1, g.size[2] - 1};
  const auto far = far_kernel(kernel, decays.geometry().spacing_mm, reach, kBlock, coarse);
  auto values = numerics::Convolution3(g.size, coarse, blocks.values()).with(far);
  for (float& v : values) v /= kBlock * kBlock * kBlock;  // of a block -> of a fine voxel
  return {g, std::move(values)};
}

image::Volume<float> decays_in_voxels(const image::Volume<float>& decays_per_ml) {
  image::Volume<float> decays(decays_per_ml.geometry());
  const auto voxel_ml = static_cast<float>(decays.geometry().voxel_ml());
  for (std::size_t v = 0; v < decays.values().size(); ++v)
    decays.values()[v] = decays_per_ml.values()[v] * voxel_ml;
  return decays;
}

}  // namespace

image::Volume<float> densities(const image::Volume<float>& ct_hu) {
  image::Volume<float> density(ct_hu.geometry());
  for (std::size_t v = 0; v < density.values().size(); ++v)
    density.values()[v] =
        static_cast<float>(material::density_g_per_ml(static_cast<double>(ct_hu.values()[v])));
  return density;
}

image::Volume<float> voxel_dose(const image::Volume<float>& decays_per_ml,
                                const image::Volume<float>& density_g_per_ml,
                                const NuclideKernel& kernel, const VoxelSetting& setting) {
  const auto& g = decays_per_ml.geometry();
  const bool water = density_g_per_ml.empty();
  if (!water && !image::same_grid(g, density_g_per_ml.geometry()))
    throw Error(ErrorCode::shape_mismatch, "density and activity lie on different grids");
  const auto decays = decays_in_voxels(decays_per_ml);
  const Index3 reach = near_reach(g, kernel);
  const auto near = voxel_kernel(kernel, g.spacing_mm, reach, setting.draws, setting.seed);
  const numerics::Convolution3 convolution(g.size, reach, decays.values());
  std::vector<float> electrons, photons;
  if (water) {
    // one kernel for both
    auto both = near.electrons;
    for (std::size_t i = 0; i < both.size(); ++i) both[i] += near.photons[i];
    electrons = convolution.with(both);
  } else {
    electrons = convolution.with(near.electrons);
    photons = convolution.with(near.photons);
  }
  const Between far = far_photons(decays, kernel, reach);
  const double unit = kJoulePerKev / (g.voxel_ml() * 1e-3);  // keV in a voxel of water -> Gy
  image::Volume<float> dose(g);
  core::parallel_for(static_cast<std::size_t>(g.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i) {
        const std::size_t v = g.offset(i, j, k);
        const float rho = water ? 1.0F : density_g_per_ml.values()[v];
        if (static_cast<double>(rho) < kAir_g_per_ml) continue;
        const float photon = (water ? 0.0F : photons[v]) + far.at(i, j, k);
        // transforms leave noise of either sign around nothing
        dose.values()[v] = static_cast<float>(unit) * std::max(electrons[v] / rho + photon, 0.0F);
      }
  });
  return dose;
}

image::Volume<float> voxel_dose_in_ct(const image::Volume<float>& decays_per_ml,
                                      const image::Volume<float>& ct_hu,
                                      const nuclide::Nuclide& nuclide, const NuclideKernel& kernel,
                                      std::size_t histories, const VoxelSetting& setting) {
  const auto& g = decays_per_ml.geometry();
  if (!image::same_grid(g, ct_hu.geometry()))
    throw Error(ErrorCode::shape_mismatch, "CT and activity lie on different grids");
  const auto decays = decays_in_voxels(decays_per_ml);
  const auto density = densities(ct_hu);
  const Index3 reach = near_reach(g, kernel);
  const auto near = voxel_kernel(kernel, g.spacing_mm, reach, setting.draws, setting.seed);
  const auto electrons =
      numerics::Convolution3(g.size, reach, decays.values()).with(near.electrons);
  const auto photons = photon_map(decays, ct_hu, photon_lines(nuclide), histories, setting.seed);
  const double unit = kJoulePerKev / (g.voxel_ml() * 1e-3);
  image::Volume<float> dose(g);
  for (std::size_t v = 0; v < dose.values().size(); ++v) {
    const float rho = density.values()[v];
    if (static_cast<double>(rho) < kAir_g_per_ml) continue;
    dose.values()[v] =
        static_cast<float>(unit) * std::max((electrons[v] + photons.values()[v]) / rho, 0.0F);
  }
  return dose;
}

double DoseVolume::dose_of(double volume_part) const {
  SOJOURN_EXPECT(volume_part >= 0 && volume_part <= 1 && !sorted_gy.empty());
  const auto n = static_cast<double>(sorted_gy.size());
  const auto at = static_cast<std::size_t>(std::clamp((1 - volume_part) * n, 0.0, n - 1));
  return static_cast<double>(sorted_gy[at]);
}

DoseVolume dose_volume(const image::Volume<float>& dose_gy, const image::Volume<int>& labels,
                       int label, int bins) {
  SOJOURN_EXPECT(bins > 0);
  if (!image::same_grid(dose_gy.geometry(), labels.geometry()))
    throw Error(ErrorCode::shape_mismatch, "regions and dose lie on different grids");
  DoseVolume d;
  for (std::size_t v = 0; v < labels.values().size(); ++v)
    if (labels.values()[v] == label) d.sorted_gy.push_back(dose_gy.values()[v]);
  if (d.sorted_gy.empty()) refuse("no voxel has the label {}", label);
  std::sort(d.sorted_gy.begin(), d.sorted_gy.end());
  const auto n = static_cast<double>(d.sorted_gy.size());
  d.volume_ml = n * dose_gy.geometry().voxel_ml();
  d.least_gy = static_cast<double>(d.sorted_gy.front());
  d.most_gy = static_cast<double>(d.sorted_gy.back());
  for (const float v : d.sorted_gy) d.mean_gy += static_cast<double>(v) / n;
  for (int b = 0; b <= bins; ++b) {
    const double at = d.most_gy * b / bins;
    const auto below =
        std::lower_bound(d.sorted_gy.begin(), d.sorted_gy.end(), static_cast<float>(at));
    d.dose_gy.push_back(at);
    d.part.push_back(static_cast<double>(d.sorted_gy.end() - below) / n);
  }
  return d;
}

}  // namespace sojourn::dose
