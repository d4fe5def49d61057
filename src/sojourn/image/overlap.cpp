// Overlap of a region's grid with an image's: by box overlap along each axis where the axes are
// parallel, by subdividing the region's voxels where they are rotated.
#include <algorithm>
#include <cmath>
#include <optional>

#include "sojourn/image/coverage.h"
#include "sojourn/units/units.h"

namespace sojourn::image {
namespace {

constexpr double kParallelShift =
    0.01;  // of an image voxel: a turn that moves no part of the region further
constexpr double kSliver = 1e-5;  // of a voxel: thinner overlaps are rounding of the headers
constexpr double kLeaf = 0.25;    // of an image voxel: subdivided until no longer than this

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

void set_block(Coverage& block, const Index3& first, const Index3& last) {
  block.begin = first;
  std::size_t n = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    block.size[a] = last[a] - first[a] + 1;
    n *= static_cast<std::size_t>(block.size[a]);
  }
  block.volume_ml.assign(n, 0.0);
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

/// A region voxel that is turned against the image: its middle and edges in image voxels.
class TurnedVoxels {
 public:
  TurnedVoxels(const Geometry& region, const Geometry& image, Coverage& block)
      : image_(image), block_(block) {
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        edge_[a][b] =
            dot(region.axis[a], image.axis[b]) * region.spacing_mm[a] / image.spacing_mm[b];
      }
      double longest = 0;
      for (std::size_t b = 0; b < 3; ++b) longest = std::max(longest, std::abs(edge_[a][b]));
      parts_[a] = std::max(1, static_cast<int>(std::ceil(longest / kLeaf)));
    }
    for (std::size_t b = 0; b < 3; ++b) {
      double variance = 0;
      for (std::size_t a = 0; a < 3; ++a) {
        half_whole_[b] += 0.5 * std::abs(edge_[a][b]);
        const double part = edge_[a][b] / parts_[a];
        variance += part * part;
      }
      // A box along the image's axes with the same spread as the turned part: right to second
      // order.
      half_part_[b] = 0.5 * std::sqrt(variance);
    }
  }

  void add(const Vec3& middle, double ml) {
    Index3 at{};
    if (inside_one(middle, half_whole_, at)) {
      deposit(at, ml);
      return;
    }
    const double share = ml / (static_cast<double>(parts_[0]) * parts_[1] * parts_[2]);
    for (int r = 0; r < parts_[2]; ++r) {
      for (int q = 0; q < parts_[1]; ++q) {
        for (int p = 0; p < parts_[0]; ++p) {
          const Vec3 u = {(p + 0.5) / parts_[0] - 0.5, (q + 0.5) / parts_[1] - 0.5,
                          (r + 0.5) / parts_[2] - 0.5};
          Vec3 center = middle;
          for (std::size_t b = 0; b < 3; ++b) {
            center[b] += u[0] * edge_[0][b] + u[1] * edge_[1][b] + u[2] * edge_[2][b];
          }
          add_part(center, share);
        }
      }
    }
  }
  [[nodiscard]] const Vec3& half_whole() const { return half_whole_; }

 private:
  static bool inside_one(const Vec3& middle, const Vec3& half, Index3& at) {
    for (std::size_t b = 0; b < 3; ++b) {
      const double low = std::floor(middle[b] - half[b] + 0.5);
      if (low != std::floor(middle[b] + half[b] + 0.5)) return false;
      at[b] = static_cast<int>(low);
    }
    return true;
  }

  void deposit(const Index3& at, double ml) {
    if (!image_.contains(at[0], at[1], at[2])) return;
    const auto x = static_cast<std::size_t>(at[0] - block_.begin[0]);
    const auto y = static_cast<std::size_t>(at[1] - block_.begin[1]);
    const auto z = static_cast<std::size_t>(at[2] - block_.begin[2]);
    const auto nx = static_cast<std::size_t>(block_.size[0]),
               ny = static_cast<std::size_t>(block_.size[1]);
    block_.volume_ml[(z * ny + y) * nx + x] += ml;
  }

  /// Shares a part between the two voxels that its box may touch along each axis.
  void add_part(const Vec3& center, double ml) {
    std::array<int, 3> low{};
    std::array<std::array<double, 2>, 3> weight{};
    for (std::size_t b = 0; b < 3; ++b) {
      const double from = center[b] - half_part_[b], to = center[b] + half_part_[b];
      low[b] = static_cast<int>(std::floor(from + 0.5));
      const double face = low[b] + 0.5;
      weight[b][1] = std::clamp((to - face) / (to - from), 0.0, 1.0);
      weight[b][0] = 1 - weight[b][1];
    }
    for (std::size_t c = 0; c < 8; ++c) {
      const std::size_t x = c & 1, y = c >> 1 & 1, z = c >> 2;
      const double w = weight[0][x] * weight[1][y] * weight[2][z];
      if (w > 0) {
        deposit({low[0] + static_cast<int>(x), low[1] + static_cast<int>(y),
                 low[2] + static_cast<int>(z)},
                w * ml);
      }
    }
  }

  const Geometry& image_;
  Coverage& block_;
  std::array<Vec3, 3> edge_{};
  std::array<int, 3> parts_{};
  Vec3 half_whole_{}, half_part_{};
};

/// Image voxels that the region's bounding box may touch. False: none.
bool turned_bounds(const Geometry& region, const Geometry& image, Index3& first, Index3& last) {
  Vec3 low{1e300, 1e300, 1e300}, high{-1e300, -1e300, -1e300};
  for (int corner = 0; corner < 8; ++corner) {
    Vec3 at;
    for (std::size_t a = 0; a < 3; ++a)
      at[a] = (corner >> a & 1) != 0 ? region.size[a] - 0.5 : -0.5;
    const Vec3 voxel = image.to_voxel(region.to_mm(at));
    for (std::size_t b = 0; b < 3; ++b) {
      low[b] = std::min(low[b], voxel[b]);
      high[b] = std::max(high[b], voxel[b]);
    }
  }
  for (std::size_t b = 0; b < 3; ++b) {
    // Two voxels more: the boxes that stand for turned parts reach a little further than the
    // corners.
    first[b] = static_cast<int>(
        std::clamp(std::floor(low[b]) - 2, 0.0, static_cast<double>(image.size[b])));
    last[b] = static_cast<int>(std::clamp(std::ceil(high[b]) + 2, -1.0, image.size[b] - 1.0));
    if (last[b] < first[b]) return false;
  }
  return true;
}

void cover_turned(const Volume<float>& fraction, const Geometry& image, Coverage& block) {
  const Geometry& region = fraction.geometry();
  Index3 first{}, last{};
  if (!turned_bounds(region, image, first, last)) return;
  set_block(block, first, last);
  TurnedVoxels voxels(region, image, block);
  const double voxel_ml = region.voxel_ml();
  for (int k = 0; k < region.size[2]; ++k) {
    for (int j = 0; j < region.size[1]; ++j) {
      const Vec3 start =
          image.to_voxel(region.to_mm({0.0, static_cast<double>(j), static_cast<double>(k)}));
      const Vec3 next =
          image.to_voxel(region.to_mm({1.0, static_cast<double>(j), static_cast<double>(k)}));
      const float* row = fraction.values().data() + region.offset(0, j, k);
      for (int i = 0; i < region.size[0]; ++i) {
        if (row[i] == 0.0F) continue;
        const Vec3 middle = start + static_cast<double>(i) * (next - start);
        bool near = true;
        for (std::size_t b = 0; b < 3; ++b) {
          const double reach = voxels.half_whole()[b] + 2;
          near = near && middle[b] > -reach && middle[b] < image.size[b] + reach;
        }
        if (near) voxels.add(middle, static_cast<double>(row[i]) * voxel_ml);
      }
    }
  }
}

}  // namespace

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
