#include "sojourn/transport/score.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/transport/follow.h"

namespace sojourn::transport {
namespace {

constexpr std::uint64_t kChunk = 8192;  ///< photons whose sums are made in one go

/// Sums of one chunk.
struct Sums {
  std::vector<double> energy, square;
  double escaped = 0;
};

void check(const VoxelGrid& grid, std::span<const std::uint16_t> region_of_voxel,
           std::size_t regions, std::span<const GammaLine> lines, std::uint64_t photons) {
  if (region_of_voxel.size() != grid.media().size())
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("{} region labels for a grid of {} voxels", region_of_voxel.size(),
                            grid.media().size()));
  for (const auto region : region_of_voxel)
    if (region >= regions)
      throw Error(ErrorCode::bad_value, fmt::format("label {} of {} regions", region, regions));
  if (lines.empty() || photons == 0) throw Error(ErrorCode::bad_value, "no photons to follow");
}

/// What all chunks share.
struct Scene {
  const VoxelGrid& grid;
  const PhotonTables& tables;
  std::span<const std::uint16_t> region_of_voxel;
  const SourceMap& source;
  std::span<const GammaLine> lines;
  std::vector<double> cumulated;  ///< probabilities of the lines, added up
  double cut_kev;
};

/// One photon of a line drawn by probability; `give(region, keV)`. @return energy that left the
/// grid.
template <typename Give>
double one_photon(const Scene& s, Stream& random, Give&& give) {
  const auto line =
      static_cast<std::size_t>(std::upper_bound(s.cumulated.begin(), s.cumulated.end() - 1,
                                                random.uniform() * s.cumulated.back()) -
                               s.cumulated.begin());
  const auto at = s.source.sample(random);
  Photon first;
  first.x = at[0], first.y = at[1], first.z = at[2];
  first.energy_kev = s.lines[line].energy_kev;
  aim_anywhere(first, random);
  Waiting waiting;
  waiting.push(first);
  double escaped = 0;
  while (!waiting.empty()) {
    Photon p = waiting.pop();
    const auto deposit = [&](std::size_t voxel, double kev) {
      give(s.region_of_voxel[voxel], kev);
    };
    if (!s.grid.enter(p) || follow(p, s.grid, s.tables, s.cut_kev, random, waiting, deposit))
      escaped += p.energy_kev;
  }
  return escaped;
}

/// Photons [begin, end) of a seed.
Sums chunk(const Scene& s, std::size_t regions, std::uint64_t seed, std::uint64_t begin,
           std::uint64_t end) {
  Sums sum{std::vector<double>(regions, 0.0), std::vector<double>(regions, 0.0), 0};
  std::vector<double> given(regions, 0.0);
  std::vector<std::uint16_t> touched;
  for (std::uint64_t n = begin; n < end; ++n) {
    Stream random(seed, n);
    touched.clear();
    sum.escaped += one_photon(s, random, [&](std::uint16_t region, double kev) {
      if (given[region] == 0) touched.push_back(region);
      given[region] += kev;
    });
    for (const auto region : touched) {
      sum.energy[region] += given[region];
      sum.square[region] += given[region] * given[region];
      given[region] = 0;
    }
  }
  return sum;
}

}  // namespace

std::vector<GammaLine> photon_lines(const std::string& nuclide, double lowest_kev) {
  std::vector<GammaLine> lines;
  for (const auto& e : nuclide::find(nuclide).emissions)
    if ((e.type == "gamma" || e.type == "x" || e.type == "annihilation") &&
        e.energy_kev >= lowest_kev && e.energy_kev <= material::kHighestKev)
      lines.push_back({e.energy_kev, e.intensity});
  return lines;
}

Score score_photons(const VoxelGrid& grid, const PhotonTables& tables,
                    std::span<const std::uint16_t> region_of_voxel, std::size_t regions,
                    const SourceMap& source, std::span<const GammaLine> lines,
                    std::uint64_t photons, std::uint64_t seed, double cut_kev) {
  check(grid, region_of_voxel, regions, lines, photons);
  Score score;
  Scene scene{grid, tables, region_of_voxel, source, lines, {}, cut_kev};
  double per_decay = 0;
  for (const auto& line : lines) {
    per_decay += line.probability;
    scene.cumulated.push_back(per_decay);
    score.emitted_kev_per_decay += line.probability * line.energy_kev;
  }
  std::vector<Sums> sums((photons + kChunk - 1) / kChunk);
  core::parallel_for(sums.size(), [&](std::size_t c) {
    sums[c] = chunk(scene, regions, seed, c * kChunk, std::min(photons, (c + 1) * kChunk));
  });
  const double n = static_cast<double>(photons), scale = per_decay / n;
  score.kev_per_decay.assign(regions, 0);
  score.sd.assign(regions, 0);
  for (const auto& sum : sums) {  // in order: the same sum for any number of threads
    score.escaped_kev_per_decay += sum.escaped * scale;
    for (std::size_t r = 0; r < regions; ++r) {
      score.kev_per_decay[r] += sum.energy[r] * scale;
      score.sd[r] += sum.square[r];
    }
  }
  for (std::size_t r = 0; r < regions; ++r) {
    const double mean = score.kev_per_decay[r] / per_decay;
    score.sd[r] = per_decay * std::sqrt(std::max(score.sd[r] / n - mean * mean, 0.0) / n);
  }
  return score;
}

}  // namespace sojourn::transport
