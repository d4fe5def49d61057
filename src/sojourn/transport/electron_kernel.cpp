#include "sojourn/transport/electron_kernel.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/material/cross_sections.h"
#include "sojourn/nuclide/positron_range.h"
#include "sojourn/transport/electron_follow.h"

namespace sojourn::transport {
namespace {

constexpr std::size_t kBatches = 50;
constexpr double kLeastCut_kev = 1, kCutPart = 0.01, kKnockPart = 0.01, kLeastKnock_kev = 0.1;

}  // namespace

ElectronKernel electron_kernel(double energy_kev, const std::vector<double>& edges,
                               std::size_t histories, std::uint64_t seed) {
  SOJOURN_EXPECT(edges.size() >= 2 && edges.front() == 0 && histories >= 2 * kBatches);
  SOJOURN_EXPECT(std::is_sorted(edges.begin(), edges.end()));
  const ElectronTables tables(energy_kev, std::max(kKnockPart * energy_kev, kLeastKnock_kev));
  const double cut = std::max(kCutPart * energy_kev, kLeastCut_kev);
  ElectronKernel k;
  k.energy_kev = energy_kev;
  k.path_mm = nuclide::csda_range_mm(energy_kev, nuclide::Lepton::electron);
  k.edges = edges;
  const std::size_t shells = edges.size() - 1, each = histories / kBatches;
  std::vector<std::vector<double>> sums(kBatches, std::vector<double>(shells, 0));
  core::parallel_for(kBatches, [&](std::size_t batch) {
    auto& sum = sums[batch];
    for (std::size_t i = 0; i < each; ++i) {
      Stream random(seed, batch * each + i);
      Electron e;
      e.energy_kev = energy_kev;
      follow_electron(e, tables, cut, random, [&](double x, double y, double z, double kev) {
        const double r = std::sqrt(x * x + y * y + z * z) / k.path_mm;
        const auto at = std::upper_bound(edges.begin(), edges.end(), r);
        if (at != edges.end()) sum[static_cast<std::size_t>(at - edges.begin()) - 1] += kev;
      });
    }
  });
  const double unit = energy_kev * static_cast<double>(each);
  for (std::size_t s = 0; s < shells; ++s) {
    double mean = 0, square = 0;
    for (const auto& sum : sums) {
      mean += sum[s] / unit / kBatches;
      square += (sum[s] / unit) * (sum[s] / unit) / kBatches;
    }
    k.share.push_back(mean);
    k.share_se.push_back(std::sqrt(std::max(square - mean * mean, 0.0) / (kBatches - 1)));
  }
  return k;
}

}  // namespace sojourn::transport
