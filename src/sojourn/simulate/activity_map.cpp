#include "sojourn/simulate/activity_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"

namespace sojourn::simulate {
namespace {

using image::Vec3;
using image::operator-;
using image::operator+;
using image::operator*;

/// exp(field) with the wanted relative spread, not yet normalised.
image::Volume<float> texture_field(const image::Geometry& grid, const Texture& texture) {
  image::Volume<float> field(grid);
  auto& values = field.values();
  core::parallel_blocks(values.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      values[i] = static_cast<float>(core::Random(texture.seed, i).normal());
  });
  const double width = texture.correlation_mm;
  if (width > 0) image::gaussian_blur(field, {width, width, width});
  double sum2 = 0;
  for (const float value : values) sum2 += static_cast<double>(value) * static_cast<double>(value);
  const double sd = std::sqrt(sum2 / static_cast<double>(values.size()));
  // The exponential of a Gaussian with this spread has the wanted relative spread.
  const double wanted = std::sqrt(std::log1p(texture.relative_sd * texture.relative_sd));
  for (float& value : values)
    value = static_cast<float>(std::exp(static_cast<double>(value) * wanted / sd));
  return field;
}

double inside_part(const subject::Voxels& voxels, std::size_t organ, const Vec3& mm) {
  const auto& grid = voxels.geometry();
  const Vec3 v = grid.to_voxel(mm);
  const std::array<int, 3> i{static_cast<int>(std::lround(v[0])),
                             static_cast<int>(std::lround(v[1])),
                             static_cast<int>(std::lround(v[2]))};
  if (!grid.contains(i[0], i[1], i[2])) return 0;
  for (const auto& fill : voxels.fills(grid.offset(i[0], i[1], i[2])))
    if (fill.organ == organ) return static_cast<double>(fill.fraction);
  return 0;
}

Vec3 random_direction(core::Random& random) {
  const double z = 2 * random.uniform() - 1, phi = 2 * std::numbers::pi * random.uniform();
  const double r = std::sqrt(1 - z * z);
  return {r * std::cos(phi), r * std::sin(phi), z};
}

}  // namespace

image::Volume<float> activity_map(const subject::Voxels& voxels, const subject::Subject& subject,
                                  const std::vector<double>& bq_of_organ, const Texture& texture) {
  if (!(texture.relative_sd > 0)) return voxels.concentration(subject, bq_of_organ);
  // The even map first: it checks the organs and spreads those without solids.
  auto map = voxels.concentration(subject, bq_of_organ);
  const auto field = texture_field(voxels.geometry(), texture);
  const std::size_t n = voxels.organs();
  std::vector<double> weight(n, 0.0), bq(n, 0.0), per_ml(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& spread = subject.organs[i].spread;
    if (spread.empty()) bq[i] += bq_of_organ[i];
    for (const auto& share : spread) bq[share.organ] += share.share * bq_of_organ[i];
  }
  for (std::size_t v = 0; v < field.values().size(); ++v)
    for (const auto& fill : voxels.fills(v))
      weight[fill.organ] +=
          static_cast<double>(fill.fraction) * static_cast<double>(field.values()[v]);
  for (std::size_t i = 0; i < n; ++i)
    if (bq[i] > 0) per_ml[i] = bq[i] / (weight[i] * voxels.geometry().voxel_ml());
  core::parallel_blocks(field.values().size(), 65536, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      double sum = 0;
      for (const auto& fill : voxels.fills(v))
        sum += static_cast<double>(fill.fraction) * per_ml[fill.organ];
      map.values()[v] = static_cast<float>(sum * static_cast<double>(field.values()[v]));
    }
  });
  return map;
}

Vec3 position(const Path& path, double time_s) {
  SOJOURN_EXPECT(!path.times_s.empty() && path.times_s.size() == path.mm.size());
  const auto next = std::upper_bound(path.times_s.begin(), path.times_s.end(), time_s);
  if (next == path.times_s.begin()) return path.mm.front();
  if (next == path.times_s.end()) return path.mm.back();
  const auto i = static_cast<std::size_t>(next - path.times_s.begin());
  const double part = (time_s - path.times_s[i - 1]) / (path.times_s[i] - path.times_s[i - 1]);
  return path.mm[i - 1] + part * (path.mm[i] - path.mm[i - 1]);
}

Path wander(const subject::Voxels& voxels, std::size_t organ, const Walk& walk, double start_s,
            double duration_s, std::uint64_t seed) {
  SOJOURN_EXPECT(walk.step_s > 0 && walk.speed_mm_per_s >= 0 && duration_s > 0);
  if (!(walk.persistence >= 0 && walk.persistence <= 1))
    refuse("a walk's persistence of {} is not between 0 and 1", walk.persistence);
  const auto& grid = voxels.geometry();
  std::vector<std::size_t> homes;
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    for (const auto& fill : voxels.fills(v))
      if (fill.organ == organ && fill.fraction >= 0.5F) homes.push_back(v);
  if (homes.empty()) refuse("organ {} fills no voxel by half; choose a finer grid", organ);
  core::Random random(seed);
  const auto first =
      std::min(static_cast<std::size_t>(random.uniform() * static_cast<double>(homes.size())),
               homes.size() - 1);
  const auto index = grid.index_of(homes[first]);
  Path path;
  path.times_s.push_back(start_s);
  path.mm.push_back(grid.to_mm({double(index[0]), double(index[1]), double(index[2])}));
  Vec3 heading = random_direction(random);
  const auto steps = static_cast<std::size_t>(std::ceil(duration_s / walk.step_s));
  for (std::size_t s = 0; s < steps; ++s) {
    Vec3 next = path.mm.back();
    for (int attempt = 0; attempt < 50; ++attempt) {
      const Vec3 turned =
          walk.persistence * heading + (1 - walk.persistence) * random_direction(random);
      const double length = image::norm(turned);
      const Vec3 way = length > 0 ? (1 / length) * turned : heading;
      const Vec3 there = path.mm.back() + walk.speed_mm_per_s * walk.step_s * way;
      if (inside_part(voxels, organ, there) >= 0.5) {
        next = there;
        heading = way;
        break;
      }
      heading = random_direction(random);  // at the wall: turn
    }
    path.times_s.push_back(start_s + static_cast<double>(s + 1) * walk.step_s);
    path.mm.push_back(next);
  }
  return path;
}

double add_paths(image::Volume<float>& bq_per_ml, const std::vector<Path>& paths, double start_s,
                 double duration_s) {
  SOJOURN_EXPECT(duration_s > 0);
  const auto& grid = bq_per_ml.geometry();
  const double half_voxel =
      0.5 * std::min({grid.spacing_mm[0], grid.spacing_mm[1], grid.spacing_mm[2]});
  double taken = 0;
  for (const Path& path : paths) {
    double travelled = 0;
    for (std::size_t i = 1; i < path.mm.size(); ++i)
      travelled += image::norm(path.mm[i] - path.mm[i - 1]);
    const auto pieces =
        static_cast<std::size_t>(std::clamp(std::ceil(travelled / half_voxel), 1.0, 1e6));
    const double share = path.activity_bq / static_cast<double>(pieces);
    for (std::size_t p = 0; p < pieces; ++p) {
      const double t =
          start_s + (static_cast<double>(p) + 0.5) / static_cast<double>(pieces) * duration_s;
      const Vec3 v = grid.to_voxel(position(path, t));
      const std::array<double, 3> floor{std::floor(v[0]), std::floor(v[1]), std::floor(v[2])};
      for (int corner = 0; corner < 8; ++corner) {
        double weight = 1;
        std::array<int, 3> i{};
        for (std::size_t a = 0; a < 3; ++a) {
          const int up = (corner >> a) & 1;
          const double part = v[a] - floor[a];
          weight *= up ? part : 1 - part;
          i[a] = static_cast<int>(floor[a]) + up;
        }
        if (weight <= 0 || !grid.contains(i[0], i[1], i[2])) continue;
        bq_per_ml.at(i[0], i[1], i[2]) += static_cast<float>(share * weight / grid.voxel_ml());
        taken += share * weight;
      }
    }
  }
  return taken;
}

}  // namespace sojourn::simulate
