#include "sojourn/region/tissue_parts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/parallel.h"
#include "sojourn/image/coverage.h"
#include "sojourn/image/gaussian_kernel.h"

namespace sojourn::region {
namespace {

constexpr float kShellReach =
    1e-4F;  // blurred region above this: 3.7 sigma (1.6 FWHM) off a flat face
constexpr double kLeastShellVoxels = 8;  // a smaller shell is joined to the rest

std::size_t count(const image::Index3& size) {
  return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
         static_cast<std::size_t>(size[2]);
}

/// Convolves `lines` interleaved lines of n values: value p of a line is `stride` apart.
void blur_axis(float* values, std::size_t n, std::size_t stride, std::size_t lines,
               const std::vector<double>& half, std::vector<float>& copy) {
  copy.assign(values, values + n * stride);
  const auto reach = half.size() - 1;
  for (std::size_t p = 0; p < n; ++p) {
    float* out = values + p * stride;
    const auto middle = static_cast<float>(half[0]);
    for (std::size_t l = 0; l < lines; ++l) out[l] = middle * copy[p * stride + l];
    for (std::size_t r = 1; r <= reach; ++r) {
      const auto tap = static_cast<float>(half[r]);
      if (p >= r) {
        const float* in = copy.data() + (p - r) * stride;
        for (std::size_t l = 0; l < lines; ++l) out[l] += tap * in[l];
      }
      if (p + r < n) {
        const float* in = copy.data() + (p + r) * stride;
        for (std::size_t l = 0; l < lines; ++l) out[l] += tap * in[l];
      }
    }
  }
}

Block fraction_block(const image::RegionMask& region, const image::Geometry& grid) {
  const auto cover = image::cover(region, grid);
  Block block{cover.begin, cover.size, image::Volume<float>::Values(cover.volume_ml.size())};
  std::transform(cover.volume_ml.begin(), cover.volume_ml.end(), block.values.begin(),
                 [&](double ml) { return static_cast<float>(std::min(1.0, ml / cover.voxel_ml)); });
  return block;
}

/// Cropped to its non-zero part.
Block trimmed(const image::Volume<float>::Values& values, const image::Geometry& grid) {
  const auto region = image::make_region("", 0, image::Volume<float>(grid, values));
  Block block;
  if (region.fraction.empty()) return block;
  const auto first = grid.to_voxel(region.fraction.geometry().origin_mm);
  for (std::size_t a = 0; a < 3; ++a) block.begin[a] = static_cast<int>(std::lround(first[a]));
  block.size = region.fraction.geometry().size;
  block.values = region.fraction.values();
  return block;
}

/// For each voxel the region whose blurred part is strongest there, -1 where none reaches.
std::vector<int> nearest_region(const image::Geometry& grid, const TissueParts& cut,
                                const image::Vec3& sigma_voxels) {
  std::vector<int> nearest(grid.voxels(), -1);
  std::vector<float> strongest(grid.voxels(), kShellReach);
  for (std::size_t r = 0; r < cut.regions; ++r) {
    if (cut.parts[r].empty()) continue;
    Block blurred = cut.parts[r].grown(reach_voxels(sigma_voxels), grid.size);
    blur(blurred, sigma_voxels);
    blurred.each(grid, [&](std::size_t voxel, std::size_t at) {
      if (blurred.values[at] > strongest[voxel]) {
        strongest[voxel] = blurred.values[at];
        nearest[voxel] = static_cast<int>(r);
      }
    });
  }
  return nearest;
}

/// Adds the shells and the rest of the body; `left` is what no region covers and lies in the body.
void add_surroundings(const image::Geometry& grid, const std::vector<float>& left,
                      const image::Vec3& sigma_voxels, TissueParts& cut) {
  const auto nearest = nearest_region(grid, cut, sigma_voxels);
  std::vector<double> shell_voxels(cut.regions, 0.0);
  for (std::size_t v = 0; v < left.size(); ++v) {
    if (nearest[v] >= 0)
      shell_voxels[static_cast<std::size_t>(nearest[v])] += static_cast<double>(left[v]);
  }
  for (std::size_t r = 0; r < cut.regions; ++r) {
    if (shell_voxels[r] < kLeastShellVoxels) continue;
    Block shell = cut.parts[r].grown(reach_voxels(sigma_voxels), grid.size);
    shell.each(grid, [&](std::size_t voxel, std::size_t at) {
      shell.values[at] = nearest[voxel] == static_cast<int>(r) ? left[voxel] : 0.0F;
    });
    cut.parts.push_back(std::move(shell));
  }
  image::Volume<float>::Values rest(left.begin(), left.end());
  for (std::size_t v = 0; v < left.size(); ++v) {
    if (nearest[v] >= 0 &&
        shell_voxels[static_cast<std::size_t>(nearest[v])] >= kLeastShellVoxels) {
      rest[v] = 0;
    }
  }
  Block block = trimmed(rest, grid);
  if (!block.empty()) cut.parts.push_back(std::move(block));
}

}  // namespace

Block Block::grown(const image::Index3& margin, const image::Index3& image_size) const {
  Block larger;
  for (std::size_t a = 0; a < 3; ++a) {
    larger.begin[a] = std::max(0, begin[a] - margin[a]);
    larger.size[a] = std::min(image_size[a], begin[a] + size[a] + margin[a]) - larger.begin[a];
  }
  larger.values.assign(count(larger.size), 0.0F);
  const auto nx = static_cast<std::size_t>(larger.size[0]),
             ny = static_cast<std::size_t>(larger.size[1]);
  const float* from = values.data();
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j, from += size[0]) {
      const auto z = static_cast<std::size_t>(begin[2] + k - larger.begin[2]);
      const auto y = static_cast<std::size_t>(begin[1] + j - larger.begin[1]);
      const auto x = static_cast<std::size_t>(begin[0] - larger.begin[0]);
      std::copy(from, from + size[0], larger.values.data() + (z * ny + y) * nx + x);
    }
  }
  return larger;
}

image::Index3 reach_voxels(const image::Vec3& sigma_voxels) {
  image::Index3 reach{};
  for (std::size_t a = 0; a < 3; ++a)
    reach[a] = static_cast<int>(image::gaussian_half_kernel(sigma_voxels[a]).size()) - 1;
  return reach;
}

void blur(Block& block, const image::Vec3& sigma_voxels) {
  const auto nx = static_cast<std::size_t>(block.size[0]),
             ny = static_cast<std::size_t>(block.size[1]);
  const auto nz = static_cast<std::size_t>(block.size[2]);
  const std::array<std::vector<double>, 3> half = {image::gaussian_half_kernel(sigma_voxels[0]),
                                                   image::gaussian_half_kernel(sigma_voxels[1]),
                                                   image::gaussian_half_kernel(sigma_voxels[2])};
  core::parallel_blocks(nz, 4, [&](std::size_t begin, std::size_t end) {
    std::vector<float> copy;
    for (std::size_t k = begin; k < end; ++k) {
      float* plane = block.values.data() + k * nx * ny;
      for (std::size_t j = 0; j < ny; ++j) blur_axis(plane + j * nx, nx, 1, 1, half[0], copy);
      blur_axis(plane, ny, nx, nx, half[1], copy);
    }
  });
  if (half[2].size() == 1) return;
  core::parallel_blocks(ny, 4, [&](std::size_t begin, std::size_t end) {
    std::vector<float> sheet(nx * nz), copy;
    for (std::size_t j = begin; j < end; ++j) {
      for (std::size_t k = 0; k < nz; ++k) {
        std::copy_n(block.values.data() + (k * ny + j) * nx, nx, sheet.data() + k * nx);
      }
      blur_axis(sheet.data(), nz, nx, nx, half[2], copy);
      for (std::size_t k = 0; k < nz; ++k) {
        std::copy_n(sheet.data() + k * nx, nx, block.values.data() + (k * ny + j) * nx);
      }
    }
  });
}

TissueParts cut_into_parts(const image::Geometry& grid,
                           const std::vector<image::RegionMask>& regions,
                           const image::Vec3& sigma_voxels, const image::RegionMask* body) {
  TissueParts cut;
  cut.regions = regions.size();
  cut.parts.resize(regions.size());
  std::vector<double> voxels;
  for (const auto& region : regions) {
    cut.covered.push_back(fraction_block(region, grid));
    const auto& values = cut.covered.back().values;
    voxels.push_back(std::accumulate(values.begin(), values.end(), 0.0));
  }
  // Where regions overlap, a voxel belongs to the smaller one: an organ inside the body, a lesion
  // in an organ.
  std::vector<std::size_t> order(regions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return voxels[a] < voxels[b]; });
  std::vector<float> left(grid.voxels(), 1.0F);
  for (const std::size_t r : order) {
    Block own = cut.covered[r];
    own.each(grid, [&](std::size_t voxel, std::size_t at) {
      own.values[at] = std::min(own.values[at], left[voxel]);
      left[voxel] -= own.values[at];
    });
    cut.parts[r] = std::move(own);
  }
  if (body != nullptr) {
    const auto inside = image::fraction_on(*body, grid);
    for (std::size_t v = 0; v < left.size(); ++v) left[v] = std::min(left[v], inside.values()[v]);
  }
  add_surroundings(grid, left, sigma_voxels, cut);
  return cut;
}

}  // namespace sojourn::region
