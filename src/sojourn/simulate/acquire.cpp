#include "sojourn/simulate/acquire.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::simulate {
namespace {

image::Volume<float> block_mean(const image::Volume<float>& fine, int n) {
  SOJOURN_EXPECT(n > 0);
  if (n == 1) return fine;
  image::Geometry grid = fine.geometry();
  for (std::size_t a = 0; a < 3; ++a) {
    grid.size[a] /= n;
    grid.origin_mm[a] += (n - 1) * grid.spacing_mm[a] / 2;
    grid.spacing_mm[a] *= n;
  }
  image::Volume<float> result(grid);
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t slice) {
    const int k = static_cast<int>(slice);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        double sum = 0;
        for (int w = 0; w < n; ++w) {
          for (int v = 0; v < n; ++v) {
            for (int u = 0; u < n; ++u) sum += fine.at(i * n + u, j * n + v, k * n + w);
          }
        }
        result.at(i, j, k) = static_cast<float>(sum / (n * n * n));
      }
    }
  });
  return result;
}

}  // namespace

FastScanner inveon() { return {}; }

double counts_per_bq(const FastScanner& scanner, const Frame& frame) {
  SOJOURN_EXPECT(frame.duration_s > 0 && frame.half_life_s > 0);
  return scanner.sensitivity * frame.positron_fraction * frame.duration_s /
         nuclide::frame_start_over_mean(frame.duration_s, frame.half_life_s);
}

Acquired acquire(image::Volume<float> concentration_at_start, const FastScanner& scanner,
                 const Frame& frame, int block, std::uint64_t seed, bool noise_free) {
  Acquired result{std::move(concentration_at_start), 0};
  auto& image = result.concentration_bq_per_ml;
  const double counts = counts_per_bq(scanner, frame) * image.geometry().voxel_ml();
  if (noise_free) {
    double sum = 0;
    for (const float value : image.values()) sum += value;
    result.total_counts = std::round(sum * counts);
    image::gaussian_blur(image, scanner.fwhm_mm);
    image = block_mean(image, block);
    return result;
  }
  image::Vec3 half = scanner.fwhm_mm;
  for (double& width : half) width /= std::numbers::sqrt2;
  image::gaussian_blur(image, half);
  auto& values = image.values();
  core::parallel_blocks(values.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double mean = counts * std::max(values[i], 0.0F);
      core::Random random(seed, i);
      values[i] = mean > 0 ? static_cast<float>(random.poisson(mean)) : 0.0F;
    }
  });
  for (float& value : values) {
    result.total_counts += value;
    value = static_cast<float>(value / counts);
  }
  image::gaussian_blur(image, half);
  image = block_mean(image, block);
  return result;
}

}  // namespace sojourn::simulate
