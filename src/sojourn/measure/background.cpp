#include "sojourn/measure/background.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/image/shapes.h"

namespace sojourn::measure {
namespace {

constexpr std::size_t kMostPlaces = 200;  // more say nothing new
constexpr double kBodyShare =
    0.4;  // a region that holds this much of the body is body, not an organ to avoid
constexpr double kShrink = 0.5;  // of the volume, from one trial sphere to the next
constexpr std::uint16_t kOutside = 0, kFree = 1;

/// Marks what lies within `reach` voxels of a marked voxel along one axis.
void spread(std::vector<std::uint8_t>& marks, const image::Geometry& grid, std::size_t axis,
            int reach) {
  const std::array<std::size_t, 3> n = {static_cast<std::size_t>(grid.size[0]),
                                        static_cast<std::size_t>(grid.size[1]),
                                        static_cast<std::size_t>(grid.size[2])};
  const std::array<std::size_t, 3> stride = {1, n[0], n[0] * n[1]};
  const std::size_t u = axis == 0 ? 1 : 0, w = axis == 2 ? 1 : 2;
  std::vector<int> since(n[axis]);
  for (std::size_t q = 0; q < n[w]; ++q) {
    for (std::size_t p = 0; p < n[u]; ++p) {
      std::uint8_t* line = marks.data() + p * stride[u] + q * stride[w];
      int last = reach + 1;
      for (std::size_t x = 0; x < n[axis]; ++x) {
        last = line[x * stride[axis]] != 0 ? 0 : std::min(last + 1, reach + 1);
        since[x] = last;
      }
      last = reach + 1;
      for (std::size_t x = n[axis]; x-- > 0;) {
        last = since[x] == 0 ? 0 : std::min(last + 1, reach + 1);
        line[x * stride[axis]] =
            std::min(last, since[x]) <= reach ? std::uint8_t{1} : std::uint8_t{0};
      }
    }
  }
}

/// 1 where the region covers at least half of the voxel.
void mark(const image::Coverage& region, const image::Geometry& grid,
          std::vector<std::uint16_t>& owner, std::uint16_t as) {
  region.each(grid, [&](std::size_t offset, double ml) {
    if (ml >= 0.5 * region.voxel_ml) owner[offset] = as;
  });
}

}  // namespace

BackgroundPlaces::BackgroundPlaces(const image::Geometry& grid,
                                   const std::vector<image::Coverage>& regions,
                                   const Background& background, const image::Vec3& margin_mm)
    : grid_(grid), allowed_(grid.voxels(), 0), owner_(grid.voxels(), kOutside) {
  double body_ml = static_cast<double>(grid.voxels()) * grid.voxel_ml();
  if (background.body != nullptr && !background.body->fraction.empty()) {
    const auto body = image::cover(*background.body, grid);
    body_ml = body.total_ml();
    mark(body, grid, owner_, kFree);
  } else {
    std::fill(owner_.begin(), owner_.end(), kFree);
  }
  std::vector<std::size_t> order(regions.size());
  std::vector<double> volume;
  for (const auto& region : regions) volume.push_back(region.total_ml());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return volume[a] > volume[b]; });
  std::vector<std::uint8_t> occupied(grid.voxels(), 0);
  for (const std::size_t r : order) {
    if (volume[r] > kBodyShare * body_ml || r + 2 > 65535) continue;
    mark(regions[r], grid, owner_, static_cast<std::uint16_t>(r + 2));
    regions[r].each(grid, [&](std::size_t offset, double) { occupied[offset] = 1; });
  }
  if (!background.named.empty()) {
    for (const auto& named : background.named) {
      const auto part = image::cover(named, grid);
      part.each(grid, [&](std::size_t offset, double ml) {
        if (ml >= 0.99 * part.voxel_ml) allowed_[offset] = 1;
      });
    }
  } else {
    for (std::size_t a = 0; a < 3; ++a) {
      spread(occupied, grid, a, static_cast<int>(std::ceil(margin_mm[a] / grid.spacing_mm[a])));
    }
    for (std::size_t v = 0; v < allowed_.size(); ++v) {
      allowed_[v] = owner_[v] == kFree && occupied[v] == 0 ? std::uint8_t{1} : std::uint8_t{0};
    }
  }
  first_ = grid.size;
  for (std::size_t v = 0; v < allowed_.size(); ++v) {
    if (allowed_[v] == 0) continue;
    ++n_allowed_;
    const auto at = grid.index_of(v);
    for (std::size_t a = 0; a < 3; ++a) {
      first_[a] = std::min(first_[a], at[a]);
      end_[a] = std::max(end_[a], at[a] + 1);
    }
  }
}

/// Greedy, from place to place by a third of the probe's width.
void BackgroundPlaces::place(Probe& probe) const {
  if (probe.voxels.empty() || probe.voxels.size() > n_allowed_) return;
  image::Index3 extent{0, 0, 0}, step{};
  for (const auto& voxel : probe.voxels) {
    for (std::size_t a = 0; a < 3; ++a) extent[a] = std::max(extent[a], voxel.at[a] + 1);
  }
  for (std::size_t a = 0; a < 3; ++a) step[a] = std::max(1, extent[a] / 3);
  std::vector<std::uint8_t> open = allowed_;
  for (int k = first_[2]; k + extent[2] <= end_[2]; k += step[2]) {
    for (int j = first_[1]; j + extent[1] <= end_[1]; j += step[1]) {
      for (int i = first_[0]; i + extent[0] <= end_[0]; i += step[0]) {
        const auto at = [&](const Probe::Voxel& v) {
          return grid_.offset(i + v.at[0], j + v.at[1], k + v.at[2]);
        };
        if (!std::all_of(probe.voxels.begin(), probe.voxels.end(),
                         [&](const auto& v) { return open[at(v)] != 0; })) {
          continue;
        }
        for (const auto& v : probe.voxels) open[at(v)] = 0;
        probe.places.push_back({i, j, k});
      }
    }
  }
  if (probe.places.size() <= kMostPlaces) return;
  std::vector<image::Index3> some;  // evenly, so that they are from all of the body
  for (std::size_t n = 0; n < kMostPlaces; ++n)
    some.push_back(probe.places[n * probe.places.size() / kMostPlaces]);
  probe.places = std::move(some);
}

Probe BackgroundPlaces::sphere(double volume_ml) const {
  Probe probe;
  image::Geometry around = grid_;
  const double radius = image::sphere_radius_mm(volume_ml);
  image::Vec3 center{};
  for (std::size_t a = 0; a < 3; ++a) {
    around.size[a] = 2 * static_cast<int>(std::ceil(radius / grid_.spacing_mm[a])) + 3;
    center[a] = 0.5 * (around.size[a] - 1);
  }
  const auto ball = image::sphere_region("", around.to_mm(center), radius, around);
  const auto& part = ball.fraction;
  for (std::size_t n = 0; n < part.values().size(); ++n) {
    const double ml = static_cast<double>(part.values()[n]) * grid_.voxel_ml();
    if (ml <= 0) continue;
    probe.voxels.push_back({part.geometry().index_of(n), ml});
    probe.volume_ml += ml;
  }
  return probe;
}

Probe BackgroundPlaces::find(const image::Coverage& region) const {
  Probe probe;
  std::size_t n = 0;
  for (int k = 0; k < region.size[2]; ++k) {
    for (int j = 0; j < region.size[1]; ++j) {
      for (int i = 0; i < region.size[0]; ++i, ++n) {
        if (region.volume_ml[n] <= 0) continue;
        probe.voxels.push_back({{i, j, k}, region.volume_ml[n]});
        probe.volume_ml += region.volume_ml[n];
      }
    }
  }
  // An empty region is asked for the smallest thing that could be seen: one voxel.
  const double volume_ml = probe.voxels.empty() ? grid_.voxel_ml() : probe.volume_ml;
  place(probe);
  const double allowed_ml = static_cast<double>(n_allowed_) * grid_.voxel_ml();
  double trial_ml = std::min(volume_ml, allowed_ml / kLeastPlaces);
  while (probe.places.size() < kLeastPlaces && trial_ml >= grid_.voxel_ml()) {
    probe = sphere(trial_ml);
    place(probe);
    trial_ml *= kShrink;
  }
  if (probe.places.size() < kLeastPlaces) {
    probe = Probe{{{{0, 0, 0}, grid_.voxel_ml()}}, grid_.voxel_ml(), {}};
    place(probe);
  }
  return probe;
}

}  // namespace sojourn::measure
