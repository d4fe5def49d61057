#include "sojourn/simulate/image_noise.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/image/gaussian_kernel.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {

image::Volume<float> white_noise(const image::Geometry& grid, std::uint64_t seed) {
  image::Volume<float> noise(grid);
  auto& values = noise.values();
  core::parallel_blocks(values.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      values[i] = static_cast<float>(core::Random(seed, i).normal());
  });
  return noise;
}

image::Volume<float> smooth_noise(const image::Geometry& grid, const image::Vec3& fwhm_mm,
                                  std::uint64_t seed) {
  auto noise = white_noise(grid, seed);
  image::gaussian_blur(noise, fwhm_mm);
  double variance = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    const auto taps =
        image::gaussian_half_kernel(fwhm_mm[a] / units::kFwhmPerSigma / grid.spacing_mm[a]);
    double sum = taps[0] * taps[0];
    for (std::size_t i = 1; i < taps.size(); ++i) sum += 2 * taps[i] * taps[i];
    variance *= sum;
  }
  const auto unit = static_cast<float>(1 / std::sqrt(variance));
  for (float& value : noise.values()) value *= unit;
  return noise;
}

image::Volume<float> block_means(const image::Volume<float>& fine, const image::Index3& n) {
  image::Geometry grid = fine.geometry();
  for (std::size_t a = 0; a < 3; ++a) {
    SOJOURN_EXPECT(n[a] > 0);
    grid.size[a] /= n[a];
    if (grid.size[a] == 0) refuse("a voxel of the image is larger than the scene; enlarge it");
    grid.origin_mm[a] += (n[a] - 1) * grid.spacing_mm[a] / 2;
    grid.spacing_mm[a] *= n[a];
  }
  image::Volume<float> result(grid);
  const double points = static_cast<double>(n[0]) * n[1] * n[2];
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        double sum = 0;
        for (int w = 0; w < n[2]; ++w)
          for (int v = 0; v < n[1]; ++v)
            for (int u = 0; u < n[0]; ++u)
              sum += static_cast<double>(fine.at(i * n[0] + u, j * n[1] + v, k * n[2] + w));
        result.at(i, j, k) = static_cast<float>(sum / points);
      }
    }
  });
  return result;
}

}  // namespace sojourn::simulate
