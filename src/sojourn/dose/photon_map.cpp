#include "sojourn/dose/photon_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/dose/line_choice.h"
#include "sojourn/material/ct_number.h"
#include "sojourn/transport/decay_source.h"
#include "sojourn/transport/follow.h"

namespace sojourn::dose {
namespace {

constexpr double kLowest_hu = -1000, kStep_hu = 12, kCut_kev = 5;
constexpr int kSteps = 250;  // to 2000 HU
constexpr std::size_t kBatches = 4;
constexpr double kLeastDensity_g_per_ml = 0.0012;  // air

std::uint8_t step_of(float hu) {
  const double at = (static_cast<double>(hu) - kLowest_hu) / kStep_hu;
  return static_cast<std::uint8_t>(std::clamp(static_cast<int>(std::lround(at)), 0, kSteps - 1));
}

std::vector<transport::Medium> media() {
  std::vector<transport::Medium> all;
  const auto& classes = material::tissue_classes();
  for (int i = 0; i < kSteps; ++i) {
    const double hu = kLowest_hu + kStep_hu * i;
    all.push_back({classes[material::tissue_class_of(hu)].material,
                   std::max(material::density_g_per_ml(hu), kLeastDensity_g_per_ml)});
  }
  return all;
}

/// The grid with its axes along x, y, z: where it lies in space plays no part.
image::Geometry upright(image::Geometry g) {
  g.axis = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  g.origin_mm = {0, 0, 0};
  return g;
}

}  // namespace

image::Volume<float> photon_map(const image::Volume<float>& decays,
                                const image::Volume<float>& ct_hu,
                                const std::vector<PhotonLine>& lines, std::size_t histories,
                                std::uint64_t seed) {
  SOJOURN_EXPECT(histories >= kBatches && image::same_grid(decays.geometry(), ct_hu.geometry()));
  const auto g = upright(decays.geometry());
  const LineChoice<PhotonLine> choice(lines, kLocalPhoton_kev);
  image::Volume<float> result(decays.geometry());
  for (std::size_t v = 0; v < result.values().size(); ++v)
    result.values()[v] = decays.values()[v] * static_cast<float>(choice.local_kev);
  if (choice.empty()) return result;
  std::vector<std::uint8_t> steps;
  steps.reserve(ct_hu.values().size());
  for (const float hu : ct_hu.values()) steps.push_back(step_of(hu));
  const transport::VoxelGrid grid(g, std::move(steps));
  const auto list = media();
  const transport::PhotonTables tables(list);
  const transport::SourceMap source(g, decays.values());
  const std::size_t each = histories / kBatches;
  const double unit = source.total() / static_cast<double>(each * kBatches);
  std::vector<std::vector<float>> sums(kBatches);
  core::parallel_for(kBatches, [&](std::size_t b) {
    auto& sum = sums[b];
    sum.assign(result.values().size(), 0);
    for (std::size_t i = 0; i < each; ++i) {
      transport::Stream random(seed, b * each + i);
      const auto [energy, weight] = choice.pick(random.uniform());
      const auto share = static_cast<float>(unit * weight);
      const auto deposit = [&](std::size_t voxel, double kev) {
        sum[voxel] += share * static_cast<float>(kev);
      };
      transport::Photon p;
      const auto at = source.sample(random);
      p.x = at[0], p.y = at[1], p.z = at[2];
      p.energy_kev = energy;
      transport::aim_anywhere(p, random);
      transport::Waiting waiting;
      for (;;) {
        (void)transport::follow(p, grid, tables, kCut_kev, random, waiting, deposit);
        if (waiting.empty()) break;
        p = waiting.pop();
      }
    }
  });
  for (const auto& sum : sums)
    for (std::size_t v = 0; v < sum.size(); ++v) result.values()[v] += sum[v];
  return result;
}

}  // namespace sojourn::dose
