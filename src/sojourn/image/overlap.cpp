// Overlap of a region's grid with an image's: by box overlap along each axis where the axes are
// parallel, by subdividing the region's voxels where they are rotated.
#include <algorithm>
#include <cmath>
#include <optional>

#include "sojourn/image/coverage.h"
#include "sojourn/image/overlap_turned.h"
#include "sojourn/units/units.h"

namespace sojourn::image {
namespace {

constexpr double kParallelShift =
    0.01;  // of an image voxel: a turn that moves no part of the region further
constexpr double kSliver = 1e-5;  // of a voxel: thinner overlaps are rounding of the headers

/// Image voxels that one region voxel reaches along an axis, and the length in each (mm).
struct Reach {
  int first = 0;
  std::vector<double> length_mm;
};

/// The region axis that runs along each image axis; nothing where the grids are rotated.
std::optional<std::array<std::size_t, 3>> parallel_axes(const Geometry& region,
                                                        const Geometry& image) {
  std::array<std::size_t, 3> along{};
  for (std::size_t b = 0; b < 3; ++b) {
    std::size_t best = 0;
    for (std::size_t a = 1; a < 3; ++a) {
      if (std::abs(dot(region.axis[a], image.axis[b])) >
          std::abs(dot(region.axis[best], image.axis[b]))) {
        best = a;
      }
    }
    along[b] = best;
    double shift_mm = 0;  // along b, by the other two axes over the region's whole extent
    for (std::size_t a = 0; a < 3; ++a) {
      if (a != best) {
        shift_mm +=
            std::abs(dot(region.axis[a], image.axis[b])) * region.size[a] * region.spacing_mm[a];
      }
    }
    if (shift_mm > kParallelShift * image.spacing_mm[b]) return std::nullopt;
  }
  if (along[0] == along[1] || along[1] == along[2] || along[0] == along[2]) return std::nullopt;
  return along;
}

/// The lengths of [low, high] (in image voxels; voxel n spans n-1/2 to n+1/2) in each voxel of [0,
/// count).
Reach reach_of(double low, double high, int count, double spacing_mm) {
  Reach reach;
  const double total = high - low;
  const double sliver = kSliver * std::min(1.0, total);
  const double from = std::max(low, -0.5), to = std::min(high, count - 0.5);
  if (to - from <= sliver) return reach;
  int first = std::clamp(static_cast<int>(std::floor(from + 0.5)), 0, count - 1);
  int last = std::clamp(static_cast<int>(std::ceil(to - 0.5)), first, count - 1);
  while (first < last && first + 0.5 - from <= sliver) ++first;
  while (last > first && to - (last - 0.5) <= sliver) --last;
  reach.first = first;
  // The slivers go to the first and last voxel, so that nothing is lost.
  for (int n = first; n <= last; ++n) {
    const double begin = n == first ? from : n - 0.5;
    const double end = n == last ? to : n + 0.5;
    reach.length_mm.push_back((end - begin) * spacing_mm);
  }
  return reach;
}

/// One axis of the separable overlap: for each region index its reach, and the span of image
/// indices.
struct AxisOverlap {
  std::vector<Reach> reach;
  int first = 0, last = -1;
};

AxisOverlap overlap_along(const Geometry& region, const Geometry& image, std::size_t a,
                          std::size_t b) {
  AxisOverlap result;
  Vec3 middle;  // of the region, so that what a tiny turn shifts is shared by both sides
  for (std::size_t c = 0; c < 3; ++c) middle[c] = 0.5 * (region.size[c] - 1);
  const double step = dot(region.axis[a], image.axis[b]) > 0
                          ? region.spacing_mm[a] / image.spacing_mm[b]
                          : -region.spacing_mm[a] / image.spacing_mm[b];
  const double origin = image.to_voxel(region.to_mm(middle))[b] - middle[a] * step;
  result.first = image.size[b];
  for (int n = 0; n < region.size[a]; ++n) {
    const double center = origin + n * step;
    result.reach.push_back(reach_of(center - 0.5 * std::abs(step), center + 0.5 * std::abs(step),
                                    image.size[b], image.spacing_mm[b]));
    const auto& added = result.reach.back();
    if (added.length_mm.empty()) continue;
    result.first = std::min(result.first, added.first);
    result.last = std::max(result.last, added.first + static_cast<int>(added.length_mm.size()) - 1);
  }
  return result;
}

/// Where along[b] == a: image axis b takes region axis a. Contracts i, then j, then k of the
/// region.
void cover_parallel(const Volume<float>& fraction, const Geometry& image,
                    const std::array<std::size_t, 3>& along, Coverage& block) {
  const Geometry& region = fraction.geometry();
  std::array<AxisOverlap, 3> axis;          // by region axis
  std::array<std::size_t, 3> image_axis{};  // of a region axis
  Index3 first{}, last{};
  for (std::size_t b = 0; b < 3; ++b) {
    image_axis[along[b]] = b;
    axis[along[b]] = overlap_along(region, image, along[b], b);
    first[b] = axis[along[b]].first;
    last[b] = axis[along[b]].last;
    if (last[b] < first[b]) return;
  }
  set_block(block, first, last);
  const std::array<std::size_t, 3> stride = {
      1, static_cast<std::size_t>(block.size[0]),
      static_cast<std::size_t>(block.size[0]) * static_cast<std::size_t>(block.size[1])};
  const std::size_t s0 = stride[image_axis[0]], s1 = stride[image_axis[1]],
                    s2 = stride[image_axis[2]];
  const auto n0 = static_cast<std::size_t>(axis[0].last - axis[0].first + 1);
  const auto n1 = static_cast<std::size_t>(axis[1].last - axis[1].first + 1);
  std::vector<double> line(n0), plane(n0 * n1);
  for (int k = 0; k < region.size[2]; ++k) {
    const Reach& reach_k = axis[2].reach[static_cast<std::size_t>(k)];
    if (reach_k.length_mm.empty()) continue;
    bool any = false;
    for (int j = 0; j < region.size[1]; ++j) {
      const Reach& reach_j = axis[1].reach[static_cast<std::size_t>(j)];
      if (reach_j.length_mm.empty()) continue;
      const float* row = fraction.values().data() + region.offset(0, j, k);
      bool some = false;
      for (std::size_t i = 0; i < axis[0].reach.size(); ++i) {
        if (row[i] == 0.0F) continue;
        if (!some) std::fill(line.begin(), line.end(), 0.0);
        some = true;
        const Reach& reach_i = axis[0].reach[i];
        double* to = line.data() + (reach_i.first - axis[0].first);
        for (const double length : reach_i.length_mm) *to++ += static_cast<double>(row[i]) * length;
      }
      if (!some) continue;
      if (!any) std::fill(plane.begin(), plane.end(), 0.0);
      any = true;
      double* to = plane.data() + static_cast<std::size_t>(reach_j.first - axis[1].first) * n0;
      for (const double length : reach_j.length_mm) {
        for (std::size_t i = 0; i < n0; ++i) to[i] += length * line[i];
        to += n0;
      }
    }
    if (!any) continue;
    std::size_t slab = static_cast<std::size_t>(reach_k.first - axis[2].first) * s2;
    for (const double length : reach_k.length_mm) {
      const double factor = length / units::kMm3PerMl;
      for (std::size_t j = 0; j < n1; ++j) {
        double* out = block.volume_ml.data() + slab + j * s1;
        const double* in = plane.data() + j * n0;
        for (std::size_t i = 0; i < n0; ++i) out[i * s0] += factor * in[i];
      }
      slab += s2;
    }
  }
}

}  // namespace

void set_block(Coverage& block, const Index3& first, const Index3& last) {
  block.begin = first;
  std::size_t n = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    block.size[a] = last[a] - first[a] + 1;
    n *= static_cast<std::size_t>(block.size[a]);
  }
  block.volume_ml.assign(n, 0.0);
}

double Coverage::total_ml() const {
  double sum = 0;
  for (const double ml : volume_ml) sum += ml;
  return sum;
}

Coverage cover(const RegionMask& region, const Geometry& image) {
  Coverage block;
  block.voxel_ml = image.voxel_ml();
  if (region.fraction.empty() || image.voxels() == 0) return block;
  if (const auto along = parallel_axes(region.fraction.geometry(), image)) {
    cover_parallel(region.fraction, image, *along, block);
  } else {
    cover_turned(region.fraction, image, block);
  }
  return block;
}

}  // namespace sojourn::image
