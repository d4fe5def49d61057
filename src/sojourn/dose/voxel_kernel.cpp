#include "sojourn/dose/voxel_kernel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/transport/photon.h"

namespace sojourn::dose {
namespace {

std::size_t width(int reach) { return static_cast<std::size_t>(2 * reach + 1); }

std::size_t place(const std::array<int, 3>& reach, const std::array<int, 3>& d) {
  std::size_t at = 0;
  for (int a = 2; a >= 0; --a) {
    const auto i = static_cast<std::size_t>(a);
    at = at * width(reach[i]) + static_cast<std::size_t>(d[i] + reach[i]);
  }
  return at;
}

/// Mean over the eight mirror images.
void mirror(const std::array<int, 3>& r, std::vector<float>& v) {
  std::array<int, 3> d{};
  for (d[2] = 0; d[2] <= r[2]; ++d[2])
    for (d[1] = 0; d[1] <= r[1]; ++d[1])
      for (d[0] = 0; d[0] <= r[0]; ++d[0]) {
        double sum = 0;
        for (int m = 0; m < 8; ++m)
          sum += static_cast<double>(
              v[place(r, {m & 1 ? -d[0] : d[0], m & 2 ? -d[1] : d[1], m & 4 ? -d[2] : d[2]})]);
        for (int m = 0; m < 8; ++m)
          v[place(r, {m & 1 ? -d[0] : d[0], m & 2 ? -d[1] : d[1], m & 4 ? -d[2] : d[2]})] =
              static_cast<float>(sum / 8);
      }
}

/// Photon energy per volume at a distance, keV/mm3 per decay: of the shell that holds it.
class Density {
 public:
  explicit Density(const NuclideKernel& kernel) {
    const auto& edges = NuclideKernel::edges_mm();
    const auto kev = kernel.photons_kev();
    for (std::size_t s = 0; s < kev.size(); ++s) {
      const double volume =
          4 * std::numbers::pi / 3 * (std::pow(edges[s + 1], 3) - std::pow(edges[s], 3));
      middle_.push_back(std::cbrt((std::pow(edges[s + 1], 3) + std::pow(edges[s], 3)) / 2));
      density_.push_back(kev[s] / volume);
    }
  }
  /// Linear in the logarithms between the middles of shells.
  [[nodiscard]] double at(double r) const {
    const auto above = std::upper_bound(middle_.begin(), middle_.end(), r);
    if (above == middle_.begin() || above == middle_.end()) return 0;
    const auto i = static_cast<std::size_t>(above - middle_.begin());
    if (!(density_[i] > 0 && density_[i - 1] > 0)) return density_[i - 1];
    const double part = std::log(r / middle_[i - 1]) / std::log(middle_[i] / middle_[i - 1]);
    return density_[i - 1] * std::pow(density_[i] / density_[i - 1], part);
  }

 private:
  std::vector<double> middle_, density_;
};

}  // namespace

VoxelKernel voxel_kernel(const NuclideKernel& kernel, const std::array<double, 3>& spacing_mm,
                         const std::array<int, 3>& reach, std::size_t draws, std::uint64_t seed) {
  SOJOURN_EXPECT(draws > 0);
  const auto& edges = NuclideKernel::edges_mm();
  const auto electrons = kernel.electrons_kev(), photons = kernel.photons_kev();
  const std::size_t voxels = width(reach[0]) * width(reach[1]) * width(reach[2]);
  double longest = 0;
  for (std::size_t a = 0; a < 3; ++a) longest += std::pow((reach[a] + 1) * spacing_mm[a], 2);
  longest = std::sqrt(longest);
  constexpr std::size_t kParts = 4;
  std::vector<VoxelKernel> parts(kParts);
  core::parallel_for(kParts, [&](std::size_t part) {
    auto& k = parts[part];
    k.electrons.assign(voxels, 0);
    k.photons.assign(voxels, 0);
    for (std::size_t i = part; i < draws; i += kParts) {
      transport::Stream random(seed, i);
      for (std::size_t s = 0; s + 1 < edges.size() && edges[s] < longest; ++s) {
        if (electrons[s] == 0 && photons[s] == 0) continue;
        transport::Photon p;
        transport::aim_anywhere(p, random);
        const double r = edges[s] + (edges[s + 1] - edges[s]) * random.uniform();
        const std::array<double, 3> way{p.u, p.v, p.w};
        std::array<int, 3> d{};
        bool inside = true;
        for (std::size_t a = 0; a < 3; ++a) {
          d[a] = static_cast<int>(std::floor(random.uniform() + r * way[a] / spacing_mm[a]));
          inside = inside && std::abs(d[a]) <= reach[a];
        }
        if (!inside) continue;
        const std::size_t at = place(reach, d);
        k.electrons[at] += static_cast<float>(electrons[s] / static_cast<double>(draws));
        k.photons[at] += static_cast<float>(photons[s] / static_cast<double>(draws));
      }
    }
  });
  VoxelKernel all{reach, std::vector<float>(voxels, 0), std::vector<float>(voxels, 0)};
  for (const auto& part : parts)
    for (std::size_t v = 0; v < voxels; ++v) {
      all.electrons[v] += part.electrons[v];
      all.photons[v] += part.photons[v];
    }
  mirror(reach, all.electrons);
  mirror(reach, all.photons);
  return all;
}

std::vector<float> far_kernel(const NuclideKernel& kernel, const std::array<double, 3>& spacing_mm,
                              const std::array<int, 3>& reach, int block,
                              const std::array<int, 3>& coarse_reach) {
  SOJOURN_EXPECT(block > 0);
  const Density density(kernel);
  std::vector<float> far(width(coarse_reach[0]) * width(coarse_reach[1]) * width(coarse_reach[2]),
                         0);
  const double voxel_mm3 = spacing_mm[0] * spacing_mm[1] * spacing_mm[2];
  const double whole = std::pow(block, 3);
  // displacements of fine voxels between two blocks: block I + t, with t from 1 - block to block -
  // 1 in (block - |t|)/block² of the pairs
  const auto near_cube = [&](const std::array<int, 3>& fine) {
    return std::abs(fine[0]) <= reach[0] && std::abs(fine[1]) <= reach[1] &&
           std::abs(fine[2]) <= reach[2];
  };
  const auto value = [&](const std::array<int, 3>& c) {
    bool touches = true;
    for (std::size_t a = 0; a < 3; ++a)
      touches = touches && block * (std::abs(c[a]) - 1) < reach[a] + 1;
    const auto at = [&](const std::array<int, 3>& fine) {
      double square = 0;
      for (std::size_t a = 0; a < 3; ++a) square += std::pow(fine[a] * spacing_mm[a], 2);
      return density.at(std::sqrt(square)) * voxel_mm3 * whole;
    };
    if (!touches) return at({block * c[0], block * c[1], block * c[2]});
    double sum = 0;
    std::array<int, 3> t{};
    for (t[2] = 1 - block; t[2] < block; ++t[2])
      for (t[1] = 1 - block; t[1] < block; ++t[1])
        for (t[0] = 1 - block; t[0] < block; ++t[0]) {
          const std::array<int, 3> fine{block * c[0] + t[0], block * c[1] + t[1],
                                        block * c[2] + t[2]};
          if (near_cube(fine)) continue;
          double weight = 1;
          for (const int one : t) weight *= (block - std::abs(one)) / (1.0 * block * block);
          sum += weight * at(fine);
        }
    return sum;
  };
  core::parallel_for(static_cast<std::size_t>(coarse_reach[2] + 1), [&](std::size_t plane) {
    std::array<int, 3> c{0, 0, static_cast<int>(plane)};
    for (c[1] = 0; c[1] <= coarse_reach[1]; ++c[1])
      for (c[0] = 0; c[0] <= coarse_reach[0]; ++c[0]) {
        const auto kev = static_cast<float>(value(c));
        for (int m = 0; m < 8; ++m)
          far[place(coarse_reach,
                    {m & 1 ? -c[0] : c[0], m & 2 ? -c[1] : c[1], m & 4 ? -c[2] : c[2]})] = kev;
      }
  });
  return far;
}

}  // namespace sojourn::dose
