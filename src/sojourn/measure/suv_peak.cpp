#include "sojourn/measure/suv_peak.h"

#include <algorithm>
#include <cmath>

#include "sojourn/image/shapes.h"

namespace sojourn::measure {
namespace {

constexpr double kFinest = 1.0 / 3;  // of the radius: the search's step on fine grids
constexpr std::size_t kStarts = 8;   // best places of a coarse search that are climbed from

/// A row of the sphere: voxels at (di, dj, dk) for di in [first, first + weights).
struct SphereRow {
  int dj, dk, first;
  std::vector<float> weights;
};

class Sphere {
 public:
  Sphere(const image::Geometry& grid, double radius_mm, SphereWeights kind) {
    image::Geometry around = grid;
    image::Vec3 center{};
    for (std::size_t a = 0; a < 3; ++a) {
      reach_[a] = static_cast<int>(std::ceil(radius_mm / grid.spacing_mm[a] + 0.5));
      around.size[a] = 2 * reach_[a] + 1;
      center[a] = reach_[a];
    }
    const auto part = image::sphere_region("", around.to_mm(center), radius_mm, around);
    image::Volume<float> weight = image::fraction_on(part, around);
    if (kind == SphereWeights::voxel_centres) {
      for (std::size_t n = 0; n < weight.values().size(); ++n) {
        const auto at = around.index_of(n);
        image::Vec3 d{};
        for (std::size_t a = 0; a < 3; ++a) d[a] = (at[a] - reach_[a]) * grid.spacing_mm[a];
        weight.values()[n] = image::norm(d) <= radius_mm ? 1.0F : 0.0F;
      }
    }
    for (int k = 0; k < around.size[2]; ++k) {
      for (int j = 0; j < around.size[1]; ++j) add_row(weight, j, k);
    }
  }

  [[nodiscard]] double mean_at(const image::Volume<float>& image, const image::Index3& at) const {
    const auto& size = image.geometry().size;
    double sum = 0, total = 0;
    for (const auto& row : rows_) {
      const int j = at[1] + row.dj, k = at[2] + row.dk;
      if (j < 0 || k < 0 || j >= size[1] || k >= size[2]) continue;
      const int first = at[0] + row.first;
      const int begin = std::max(0, -first);
      const int end = std::min(static_cast<int>(row.weights.size()), size[0] - first);
      const float* in = image.values().data() + image.geometry().offset(0, j, k) + first;
      double row_sum = 0, row_total = 0;
      for (int n = begin; n < end; ++n) {
        const auto w = static_cast<double>(row.weights[static_cast<std::size_t>(n)]);
        row_sum += w * static_cast<double>(in[n]);
        row_total += w;
      }
      sum += row_sum;
      total += row_total;
    }
    return total > 0 ? sum / total : 0;
  }

 private:
  void add_row(const image::Volume<float>& weight, int j, int k) {
    SphereRow row{j - reach_[1], k - reach_[2], 0, {}};
    for (int i = 0; i < weight.geometry().size[0]; ++i) {
      const float w = weight.at(i, j, k);
      if (w <= 0) continue;
      if (row.weights.empty()) row.first = i - reach_[0];
      row.weights.push_back(w);
    }
    if (!row.weights.empty()) rows_.push_back(std::move(row));
  }

  image::Index3 reach_{};
  std::vector<SphereRow> rows_;
};

/// Whether voxel `at` of the image speaks for the region.
bool belongs(const image::Coverage& region, const image::Index3& at, double least_ml) {
  std::size_t index = 0;
  for (const std::size_t a : {std::size_t{2}, std::size_t{1}, std::size_t{0}}) {
    const int local = at[a] - region.begin[a];
    if (local < 0 || local >= region.size[a]) return false;
    index = index * static_cast<std::size_t>(region.size[a]) + static_cast<std::size_t>(local);
  }
  return region.volume_ml[index] >= least_ml;
}

struct Candidate {
  double mean;
  image::Index3 at;
};

/// Walks to the highest of the neighbours until none is higher.
Candidate climb(const image::Volume<float>& image, const image::Coverage& region, double least_ml,
                const Sphere& sphere, Candidate from) {
  for (bool moved = true; moved;) {
    moved = false;
    const auto center = from.at;
    for (int n = 0; n < 27; ++n) {
      const image::Index3 at = {center[0] + n % 3 - 1, center[1] + n / 3 % 3 - 1,
                                center[2] + n / 9 - 1};
      if (at == center || !belongs(region, at, least_ml)) continue;
      const double mean = sphere.mean_at(image, at);
      if (mean > from.mean) {
        from = {mean, at};
        moved = true;
      }
    }
  }
  return from;
}

}  // namespace

std::optional<double> least_covered_ml(const image::Coverage& region) {
  double most = 0;
  for (const double ml : region.volume_ml) most = std::max(most, ml);
  if (most <= 0) return std::nullopt;
  return std::min(0.5 * region.voxel_ml, most) * (1 - 1e-6);
}

std::optional<IntensityPeak> intensity_peak(const image::Volume<float>& image,
                                            const image::Coverage& region, SphereWeights weights,
                                            double sphere_ml) {
  const auto least = least_covered_ml(region);
  if (!least) return std::nullopt;
  const auto& grid = image.geometry();
  const double radius = image::sphere_radius_mm(sphere_ml);
  const Sphere sphere(grid, radius, weights);
  image::Index3 step{};
  for (std::size_t a = 0; a < 3; ++a) {
    step[a] = std::max(1, static_cast<int>(std::floor(radius * kFinest / grid.spacing_mm[a])));
  }
  const bool coarse = step != image::Index3{1, 1, 1};
  std::vector<std::size_t> brightest;  // of equal voxels all, and the best sphere among them
  float maximum = -INFINITY;
  std::vector<Candidate> best;
  region.each(grid, [&](std::size_t offset, double ml) {
    if (ml < *least) return;
    const float value = image.values()[offset];
    if (value > maximum) brightest.clear();
    if (value >= maximum) {
      maximum = value;
      brightest.push_back(offset);
    }
    const auto at = grid.index_of(offset);
    for (std::size_t a = 0; a < 3; ++a) {
      if (at[a] % step[a] != 0) return;
    }
    const Candidate here{sphere.mean_at(image, at), at};
    const auto place =
        std::find_if(best.begin(), best.end(), [&](const auto& c) { return here.mean > c.mean; });
    if (place != best.end() || best.size() < kStarts) best.insert(place, here);
    if (best.size() > kStarts) best.pop_back();
  });
  if (brightest.empty()) return std::nullopt;
  IntensityPeak peak;
  peak.local = -INFINITY;
  constexpr std::size_t kMostTies = 64;  // a flat image has as many maxima as voxels
  if (brightest.size() > kMostTies) brightest.resize(kMostTies);
  Candidate top{-INFINITY, {}};
  for (const std::size_t offset : brightest) {
    const Candidate here{sphere.mean_at(image, grid.index_of(offset)), grid.index_of(offset)};
    peak.local = std::max(peak.local, here.mean);
    if (here.mean > top.mean) top = here;
  }
  best.push_back(top);
  for (const auto& start : best) {
    const Candidate reached = coarse ? climb(image, region, *least, sphere, start) : start;
    if (reached.mean > top.mean) top = reached;
  }
  peak.global = top.mean;
  return peak;
}

}  // namespace sojourn::measure
