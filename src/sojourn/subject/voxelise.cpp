#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/subject/voxels.h"

namespace sojourn::subject {
namespace {

using image::Geometry;
using image::Vec3;
using Box = std::array<Vec3, 2>;
using Pair = std::pair<std::size_t, std::size_t>;

/// An organ with the boxes of its shapes.
struct Painted {
  std::size_t index = 0;
  int layer = 0;
  const std::vector<Shape>* shapes = nullptr;
  std::vector<Box> boxes;
};

/// Higher layers first; within a layer in the order of the file.
std::vector<Painted> in_order(const Subject& subject) {
  std::vector<Painted> all;
  for (std::size_t i = 0; i < subject.organs.size(); ++i) {
    const BodyOrgan& organ = subject.organs[i];
    if (organ.shapes.empty()) continue;
    Painted one{i, organ.layer, &organ.shapes, {}};
    for (const Shape& shape : organ.shapes) one.boxes.push_back(bounds(shape));
    all.push_back(std::move(one));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Painted& a, const Painted& b) { return a.layer > b.layer; });
  return all;
}

Spans spans_of(const Painted& organ, double y, double z) {
  Spans all;
  for (std::size_t s = 0; s < organ.shapes->size(); ++s) {
    const Box& box = organ.boxes[s];
    if (y < box[0][1] || y > box[1][1] || z < box[0][2] || z > box[1][2]) continue;
    const Spans one = inside((*organ.shapes)[s], y, z);
    all = all.empty() ? one : unite(all, one);
  }
  return all;
}

/// One plane of voxels: the length of line that each organ holds in each voxel.
class Plane {
 public:
  Plane(const Geometry& grid, std::size_t organs)
      : grid_(&grid),
        held_(organs),
        columns_(static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1])) {}

  void add(std::size_t organ, const Spans& spans, int j) {
    auto& row = held_[organ];
    if (row.empty()) row.assign(columns_, 0.0);
    const double low = grid_->origin_mm[0] - grid_->spacing_mm[0] / 2, step = grid_->spacing_mm[0];
    const int nx = grid_->size[0];
    double* values = row.data() + static_cast<std::ptrdiff_t>(j) * nx;
    for (const auto& [begin, end] : spans) {
      const double a = std::max((begin - low) / step, 0.0);
      const double b = std::min((end - low) / step, static_cast<double>(nx));
      for (int i = static_cast<int>(a); i < nx && i < b; ++i) {
        const double part = std::min(b, i + 1.0) - std::max(a, static_cast<double>(i));
        if (part > 0) values[i] += part;
      }
    }
  }

  [[nodiscard]] std::size_t columns() const { return columns_; }

  /// Appends the fills of every voxel and their counts.
  void collect(double lines, std::vector<Fill>& fills, std::vector<std::uint32_t>& counts) const {
    counts.assign(columns_, 0);
    for (std::size_t v = 0; v < columns_; ++v) {
      for (std::size_t o = 0; o < held_.size(); ++o) {
        if (held_[o].empty() || held_[o][v] <= 1e-9 * lines) continue;
        fills.push_back({static_cast<std::uint16_t>(o),
                         static_cast<float>(std::min(held_[o][v] / lines, 1.0))});
        ++counts[v];
      }
    }
  }

 private:
  const Geometry* grid_;
  std::vector<std::vector<double>> held_;
  std::size_t columns_;
};

struct PlaneResult {
  std::vector<Fill> fills;
  std::vector<std::uint32_t> counts;
  std::map<Pair, double> overlap_mm;  ///< length of shared line
};

void paint_line(const std::vector<Painted>& organs, double y, double z, int j, Plane& plane,
                std::map<Pair, double>& overlap_mm) {
  Spans taken;
  std::vector<std::pair<std::size_t, Spans>> same_layer;
  int layer = 0;
  for (const Painted& organ : organs) {
    const Spans spans = spans_of(organ, y, z);
    if (spans.empty()) continue;
    if (organ.layer != layer) same_layer.clear();
    layer = organ.layer;
    for (const auto& [other, theirs] : same_layer) {
      const double shared = length_mm(intersect(spans, theirs));
      if (shared > 0) overlap_mm[std::minmax(other, organ.index)] += shared;
    }
    const Spans own = subtract(spans, taken);
    if (!own.empty()) {
      plane.add(organ.index, own, j);
      taken = unite(taken, own);
    }
    same_layer.emplace_back(organ.index, spans);
  }
}

/// Where line i of the other axis lies between two lines, 0 to 1: evenly spread, so that a flat
/// face across y or z does not fall between the same lines all along.
double between_lines(long i, double ratio) {
  const double x = ratio * static_cast<double>(i);
  return x - std::floor(x);
}

PlaneResult paint_plane(const Geometry& grid, const std::vector<Painted>& organs,
                        std::size_t n_organs, int k, int lines) {
  // Ratios of the plastic number: Roberts' even sequence in two dimensions.
  constexpr double kRatioY = 0.7548776662466927, kRatioZ = 0.5698402909980532;
  PlaneResult result;
  Plane plane(grid, n_organs);
  const double low = grid.origin_mm[2] + (k - 0.5) * grid.spacing_mm[2];
  std::vector<Painted> here;
  for (const Painted& organ : organs) {
    if (std::any_of(organ.boxes.begin(), organ.boxes.end(), [&](const Box& box) {
          return low + grid.spacing_mm[2] >= box[0][2] && low <= box[1][2];
        }))
      here.push_back(organ);
  }
  if (here.empty()) {
    result.counts.assign(plane.columns(), 0);
    return result;
  }
  for (int j = 0; j < grid.size[1]; ++j) {
    for (int v = 0; v < lines; ++v) {
      const double in_z = between_lines(static_cast<long>(j) * lines + v, kRatioZ);
      for (int w = 0; w < lines; ++w) {
        const double in_y = between_lines(static_cast<long>(k) * lines + w, kRatioY);
        const double y = grid.origin_mm[1] + (j + (v + in_y) / lines - 0.5) * grid.spacing_mm[1];
        const double z = low + (w + in_z) / lines * grid.spacing_mm[2];
        paint_line(here, y, z, j, plane, result.overlap_mm);
      }
    }
  }
  plane.collect(static_cast<double>(lines) * lines, result.fills, result.counts);
  return result;
}

}  // namespace

Geometry grid_of(const Subject& subject, const VoxelOptions& options) {
  const Box box = bounds(subject);
  Geometry grid;
  double voxels = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    const double step = options.spacing_mm[a];
    if (!(step > 0 && std::isfinite(step))) refuse("a voxel of {} mm is not over 0", step);
    const double length = box[1][a] - box[0][a] + 2 * options.margin_mm;
    const double size = std::ceil(length / step - 1e-9);
    voxels *= size;
    if (!(voxels <= 4e8))
      refuse("subject {}: voxels of {} mm make over 400 million; choose larger ones", subject.id,
             step);
    grid.size[a] = std::max(1, static_cast<int>(size));
    grid.spacing_mm[a] = step;
    grid.origin_mm[a] = 0.5 * (box[0][a] + box[1][a]) - 0.5 * (grid.size[a] - 1) * step;
  }
  return grid;
}

Voxels voxelise(const Subject& subject, const Geometry& grid, int lines) {
  SOJOURN_EXPECT(lines > 0 && subject.organs.size() < 65535);
  constexpr std::array<Vec3, 3> kStraight{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  if (grid.axis != kStraight) refuse("subject {}: its grid must lie along x, y and z", subject.id);
  const auto organs = in_order(subject);
  std::vector<PlaneResult> planes(static_cast<std::size_t>(grid.size[2]));
  core::parallel_for(planes.size(), [&](std::size_t k) {
    planes[k] = paint_plane(grid, organs, subject.organs.size(), static_cast<int>(k), lines);
  });
  std::vector<std::uint32_t> begins{0};
  begins.reserve(grid.voxels() + 1);
  std::vector<Fill> fills;
  std::map<Pair, double> shared_mm;
  for (PlaneResult& plane : planes) {
    for (const auto count : plane.counts) begins.push_back(begins.back() + count);
    fills.insert(fills.end(), plane.fills.begin(), plane.fills.end());
    for (const auto& [pair, mm] : plane.overlap_mm) shared_mm[pair] += mm;
    plane = {};
  }
  const double ml_per_mm = grid.voxel_ml() / grid.spacing_mm[0] / lines / lines;
  std::vector<Overlap> overlaps;
  for (const auto& [pair, mm] : shared_mm)
    overlaps.push_back({pair.first, pair.second, mm * ml_per_mm});
  return {grid, subject.organs.size(), std::move(begins), std::move(fills), std::move(overlaps)};
}

Voxels voxelise(const Subject& subject, const VoxelOptions& options) {
  return voxelise(subject, grid_of(subject, options), options.lines);
}

}  // namespace sojourn::subject
