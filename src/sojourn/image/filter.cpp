#include "sojourn/image/filter.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/parallel.h"
#include "sojourn/image/gaussian_kernel.h"
#include "sojourn/units/units.h"

namespace sojourn::image {
namespace {

std::vector<float> half_kernel(double sigma_voxels) {
  const auto kernel = gaussian_half_kernel(sigma_voxels);
  std::vector<float> taps;
  for (const double weight : kernel) taps.push_back(static_cast<float>(weight));
  return taps;
}

/// Convolves one line of `n` values that stand `stride` apart; values outside are 0.
void blur_line(float* values, std::size_t stride, int n, const std::vector<float>& kernel,
               std::vector<float>& line, std::vector<float>& result) {
  const int reach = static_cast<int>(kernel.size()) - 1;
  line.assign(static_cast<std::size_t>(n) + 2 * static_cast<std::size_t>(reach), 0.0F);
  for (int i = 0; i < n; ++i) {
    line[static_cast<std::size_t>(i + reach)] = values[static_cast<std::size_t>(i) * stride];
  }
  result.assign(static_cast<std::size_t>(n), 0.0F);
  const float* centre = line.data() + reach;
  for (int i = 0; i < n; ++i) result[static_cast<std::size_t>(i)] = kernel[0] * centre[i];
  for (int d = 1; d <= reach; ++d) {
    const float weight = kernel[static_cast<std::size_t>(d)];
    for (int i = 0; i < n; ++i) {
      result[static_cast<std::size_t>(i)] += weight * (centre[i - d] + centre[i + d]);
    }
  }
  for (int i = 0; i < n; ++i) {
    values[static_cast<std::size_t>(i) * stride] = result[static_cast<std::size_t>(i)];
  }
}

}  // namespace

void gaussian_blur(Volume<float>& volume, const Vec3& fwhm_mm) {
  const Geometry& grid = volume.geometry();
  const std::array<std::size_t, 3> size = {static_cast<std::size_t>(grid.size[0]),
                                           static_cast<std::size_t>(grid.size[1]),
                                           static_cast<std::size_t>(grid.size[2])};
  const std::array<std::size_t, 3> stride = {1, size[0], size[0] * size[1]};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (fwhm_mm[axis] <= 0 || size[axis] == 0) continue;
    const auto kernel = half_kernel(fwhm_mm[axis] / units::kFwhmPerSigma / grid.spacing_mm[axis]);
    const std::size_t first = axis == 0 ? 1 : 0, second = axis == 2 ? 1 : 2;
    core::parallel_blocks(size[first] * size[second], 256, [&](std::size_t begin, std::size_t end) {
      std::vector<float> line, result;
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t start =
            (i % size[first]) * stride[first] + (i / size[first]) * stride[second];
        blur_line(volume.values().data() + start, stride[axis], grid.size[axis], kernel, line,
                  result);
      }
    });
  }
}

Projection maximum_projection(const Volume<float>& volume, int direction) {
  SOJOURN_EXPECT(direction >= 0 && direction < 3 && !volume.empty());
  const Geometry& grid = volume.geometry();
  // Which image axis runs along left-right, front-back and head-foot (LPS x, y, z), each used once.
  std::array<std::size_t, 3> image_axis{0, 1, 2};
  double best = -1;
  std::array<std::size_t, 3> order{0, 1, 2};
  do {
    double fit = 0;
    for (std::size_t body = 0; body < 3; ++body) fit += std::abs(grid.axis[order[body]][body]);
    if (fit > best) best = fit, image_axis = order;
  } while (std::next_permutation(order.begin(), order.end()));
  const auto along = static_cast<std::size_t>(direction);
  // Columns run to the subject's left (seen from the front) or to the back; rows from the head
  // down.
  const std::size_t across_body = direction == 0 ? 1 : 0, down_body = direction == 2 ? 1 : 2;
  const std::size_t u = image_axis[across_body], v = image_axis[down_body], w = image_axis[along];
  Projection picture;
  picture.width = grid.size[u];
  picture.height = grid.size[v];
  picture.pixel_width_mm = grid.spacing_mm[u];
  picture.pixel_height_mm = grid.spacing_mm[v];
  picture.values.assign(
      static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height), 0.0F);
  const bool flip_u = grid.axis[u][across_body] < 0;
  // Head-foot: +z is the head and stands at the top; front-back (from above): the front at the top.
  const bool flip_v = down_body == 2 ? grid.axis[v][2] > 0 : grid.axis[v][1] < 0;
  for (int q = 0; q < picture.height; ++q) {
    for (int p = 0; p < picture.width; ++p) {
      Index3 at{};
      at[u] = flip_u ? picture.width - 1 - p : p;
      at[v] = flip_v ? picture.height - 1 - q : q;
      float high = volume.values()[grid.offset(at[0], at[1], at[2])];
      for (int s = 1; s < grid.size[w]; ++s) {
        at[w] = s;
        high = std::max(high, volume.values()[grid.offset(at[0], at[1], at[2])]);
      }
      picture.values[static_cast<std::size_t>(q) * static_cast<std::size_t>(picture.width) +
                     static_cast<std::size_t>(p)] = high;
    }
  }
  return picture;
}

}  // namespace sojourn::image
