#include "sojourn/dose/nuclide_kernel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/dose/electron_lines.h"
#include "sojourn/dose/line_choice.h"
#include "sojourn/transport/electron_follow.h"
#include "sojourn/transport/follow.h"

namespace sojourn::dose {
namespace {

constexpr double kFirst_mm = 1e-3, kLast_mm = 2000;
constexpr int kPerDecade = 20;
constexpr double kPhotonCut_kev = 5, kElectronCut_kev = 2, kKnockPart = 0.01, kLeastKnock_kev = 0.2;

std::vector<double> make_edges() {
  std::vector<double> edges{0};
  for (int i = 0;; ++i) {
    const double r = kFirst_mm * std::pow(10, static_cast<double>(i) / kPerDecade);
    edges.push_back(std::min(r, kLast_mm));
    if (r >= kLast_mm) return edges;
  }
}

std::size_t shells() { return NuclideKernel::edges_mm().size() - 1; }

void add(std::vector<double>& sum, double distance_mm, double kev) {
  const auto& edges = NuclideKernel::edges_mm();
  const auto at = std::upper_bound(edges.begin(), edges.end(), distance_mm);
  if (at != edges.end()) sum[static_cast<std::size_t>(at - edges.begin()) - 1] += kev;
}

/// One box of water, so large that nothing leaves it.
transport::VoxelGrid ocean() {
  image::Geometry g;
  g.size = {1, 1, 1};
  g.spacing_mm = {1e4, 1e4, 1e4};
  return {g, {0}};
}

void follow_photons(const LineChoice<PhotonLine>& choice, std::size_t each, std::uint64_t seed,
                    std::size_t batch, std::vector<double>& sum) {
  static const transport::PhotonTables tables(
      std::array<transport::Medium, 1>{transport::Medium{"water", 1.0}});
  static const transport::VoxelGrid grid = ocean();
  const auto& g = grid.geometry();
  for (std::size_t i = 0; i < each; ++i) {
    transport::Stream random(seed, batch * each + i);
    const auto [energy, weight] = choice.pick(random.uniform());
    transport::Photon p;
    p.x = g.origin_mm[0], p.y = g.origin_mm[1], p.z = g.origin_mm[2];
    const auto start = p;
    p.energy_kev = energy;
    transport::aim_anywhere(p, random);
    transport::Waiting waiting;
    const double unit = weight / static_cast<double>(each);
    const auto deposit = [&](std::size_t, double kev) {
      add(sum,
          std::sqrt((p.x - start.x) * (p.x - start.x) + (p.y - start.y) * (p.y - start.y) +
                    (p.z - start.z) * (p.z - start.z)),
          unit * kev);
    };
    transport::follow(p, grid, tables, kPhotonCut_kev, random, waiting, deposit);
    while (!waiting.empty()) {
      p = waiting.pop();
      transport::follow(p, grid, tables, kPhotonCut_kev, random, waiting, deposit);
    }
  }
}

void follow_electrons(const LineChoice<ElectronLine>& choice,
                      const transport::ElectronTables& tables, std::size_t each, std::uint64_t seed,
                      std::size_t batch, std::vector<double>& sum) {
  for (std::size_t i = 0; i < each; ++i) {
    transport::Stream random(seed, batch * each + i);
    // even over the lines within a batch: most of the spread is that of the energies
    const auto [energy, weight] =
        choice.pick((static_cast<double>(i) + random.uniform()) / static_cast<double>(each));
    transport::Electron e;
    e.energy_kev = energy;
    const double unit = weight / static_cast<double>(each);
    transport::follow_electron(e, tables, kElectronCut_kev, random,
                               [&](double x, double y, double z, double kev) {
                                 add(sum, std::sqrt(x * x + y * y + z * z), unit * kev);
                               });
  }
}

}  // namespace

std::vector<PhotonLine> photon_lines(const nuclide::Nuclide& nuclide) {
  std::vector<PhotonLine> lines;
  for (const auto& e : nuclide.emissions)
    if (e.type == "gamma" || e.type == "annihilation" || e.type == "x")
      lines.push_back({e.energy_kev, e.intensity});
  return lines;
}

const std::vector<double>& NuclideKernel::edges_mm() {
  static const auto edges = make_edges();
  return edges;
}

NuclideKernel::NuclideKernel(const nuclide::Nuclide& nuclide, std::size_t photons,
                             std::size_t electrons, std::uint64_t seed) {
  SOJOURN_EXPECT(photons >= kBatches && electrons >= kBatches);
  const LineChoice<PhotonLine> photon(photon_lines(nuclide), kLocalPhoton_kev);
  const LineChoice<ElectronLine> electron(electron_lines(nuclide), kLocalElectron_kev);
  photon_energy_ = photon.sum();
  electron_energy_ = electron.sum();
  const double highest = std::max(electron.highest_kev, 20.0);
  const transport::ElectronTables tables(highest, std::max(kKnockPart * highest, kLeastKnock_kev));
  core::parallel_for(kBatches, [&](std::size_t b) {
    electrons_[b].assign(shells(), 0);
    photons_[b].assign(shells(), 0);
    electrons_[b].front() = electron.local_kev;
    photons_[b].front() = photon.local_kev;
    if (!photon.empty()) follow_photons(photon, photons / kBatches, seed, b, photons_[b]);
    if (!electron.empty())
      follow_electrons(electron, tables, electrons / kBatches, seed + 1, b, electrons_[b]);
  });
}

NuclideKernel::Energy NuclideKernel::weighed(const std::vector<double>& weight) const {
  SOJOURN_EXPECT(weight.size() == shells());
  const auto over = [&](const Batches& batches, double& mean, double& se) {
    double sum = 0, square = 0;
    for (const auto& batch : batches) {
      double one = 0;
      for (std::size_t s = 0; s < weight.size(); ++s) one += weight[s] * batch[s];
      sum += one / kBatches;
      square += one * one / kBatches;
    }
    mean = sum;
    se = std::sqrt(std::max(square - sum * sum, 0.0) / (kBatches - 1));
  };
  Energy e;
  over(electrons_, e.electrons, e.electrons_se);
  over(photons_, e.photons, e.photons_se);
  return e;
}

std::vector<double> NuclideKernel::electrons_kev() const {
  std::vector<double> mean(shells(), 0);
  for (const auto& batch : electrons_)
    for (std::size_t s = 0; s < mean.size(); ++s) mean[s] += batch[s] / kBatches;
  return mean;
}

std::vector<double> NuclideKernel::photons_kev() const {
  std::vector<double> mean(shells(), 0);
  for (const auto& batch : photons_)
    for (std::size_t s = 0; s < mean.size(); ++s) mean[s] += batch[s] / kBatches;
  return mean;
}

}  // namespace sojourn::dose
