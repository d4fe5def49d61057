#include "sojourn/dose/body_transport.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/dose/line_choice.h"
#include "sojourn/transport/decay_source.h"

namespace sojourn::dose {
namespace {

constexpr std::size_t kBatches = 20;
constexpr int kLinesPerVoxel = 4;
constexpr double kCut_kev = 5;  // 0.25 mm in water

std::vector<transport::Medium> media_of(const subject::Subject& s) {
  std::vector<transport::Medium> media{{"air"}};
  for (const auto& organ : s.organs) media.push_back({organ.tissue, organ.density_g_per_ml});
  return media;
}

/// Medium of each voxel: 0 air, else organ + 1.
std::vector<std::uint8_t> media_on(const subject::Voxels& voxels) {
  const auto labels = voxels.labels();
  std::vector<std::uint8_t> media;
  media.reserve(labels.values().size());
  for (const int label : labels.values()) media.push_back(static_cast<std::uint8_t>(label));
  return media;
}

}  // namespace

BodyTransport::BodyTransport(subject::Subject subject, double spacing_mm)
    : subject_(std::move(subject)),
      voxels_(subject::voxelise(
          subject_,
          subject::VoxelOptions{{spacing_mm, spacing_mm, spacing_mm}, 0, kLinesPerVoxel})),
      masses_g_(subject::masses_g(subject_, voxels_)) {
  for (std::size_t i = 0; i < subject_.organs.size(); ++i)
    if (!subject_.organs[i].spread.empty())
      masses_g_[i] = subject_.organs[i].reference_mass_g.value_or(0);
  tables_ = std::make_unique<transport::PhotonTables>(media_of(subject_));
  grid_ = std::make_unique<transport::VoxelGrid>(voxels_.geometry(), media_on(voxels_));
}

std::vector<double> BodyTransport::on_hosts(const std::vector<double>& share) const {
  SOJOURN_EXPECT(share.size() == subject_.organs.size());
  std::vector<double> hosts(share.size(), 0);
  for (std::size_t i = 0; i < share.size(); ++i) {
    const auto& spread = subject_.organs[i].spread;
    if (spread.empty()) hosts[i] += share[i];
    double whole = 0;
    for (const auto& s : spread) whole += s.share;
    for (const auto& s : spread) hosts[s.organ] += share[i] * s.share / whole;
  }
  return hosts;
}

OrganEnergy BodyTransport::photons(const std::vector<PhotonLine>& lines,
                                   const std::vector<double>& share, std::size_t histories,
                                   std::uint64_t seed) const {
  const std::size_t organs = subject_.organs.size();
  OrganEnergy result{std::vector<double>(organs, 0), std::vector<double>(organs, 0), 0};
  const LineChoice<PhotonLine> choice(lines, kLocalPhoton_kev);
  if (choice.empty()) return result;
  const auto activity = voxels_.concentration(subject_, share);
  const transport::SourceMap source(voxels_.geometry(), activity.values());
  const std::size_t each = std::max<std::size_t>(histories / kBatches, 1);
  std::vector<std::vector<double>> sums(kBatches, std::vector<double>(organs, 0));
  std::vector<double> left(kBatches, 0);
  core::parallel_for(kBatches, [&](std::size_t b) {
    auto& sum = sums[b];
    for (std::size_t i = 0; i < each; ++i) {
      transport::Stream random(seed, b * each + i);
      const auto [energy, weight] = choice.pick(random.uniform());
      const double unit = weight / static_cast<double>(each);
      const auto deposit = [&](std::size_t voxel, double kev) {
        const auto fills = voxels_.fills(voxel);
        double whole = 0;
        for (const auto& f : fills)
          whole += static_cast<double>(f.fraction) * subject_.organs[f.organ].density_g_per_ml;
        for (const auto& f : fills)
          sum[f.organ] += unit * kev * static_cast<double>(f.fraction) *
                          subject_.organs[f.organ].density_g_per_ml / whole;
      };
      transport::Photon p;
      const auto at = source.sample(random);
      p.x = at[0], p.y = at[1], p.z = at[2];
      p.energy_kev = energy;
      transport::aim_anywhere(p, random);
      transport::Waiting waiting;
      for (;;) {
        if (transport::follow(p, *grid_, *tables_, kCut_kev, random, waiting, deposit))
          left[b] += unit * p.energy_kev;
        if (waiting.empty()) break;
        p = waiting.pop();
      }
    }
  });
  for (std::size_t o = 0; o < organs; ++o) {
    double mean = 0, square = 0;
    for (const auto& sum : sums) {
      mean += sum[o] / kBatches;
      square += sum[o] * sum[o] / kBatches;
    }
    result.kev[o] = mean;
    result.se[o] = std::sqrt(std::max(square - mean * mean, 0.0) / (kBatches - 1));
  }
  for (const double l : left) result.left_body_kev += l / kBatches;
  return result;
}

}  // namespace sojourn::dose
