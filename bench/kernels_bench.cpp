// The inner loops that the pipeline spends its time in.
#include <benchmark/benchmark.h>

#include "sojourn/image/filter.h"
#include "sojourn/image/region_mask.h"
#include "sojourn/region/partial_volume.h"

namespace {

using namespace sojourn;

image::Geometry grid(int nx, int ny, int nz, double spacing_mm) {
  image::Geometry g;
  g.size = {nx, ny, nz};
  g.spacing_mm = {spacing_mm, spacing_mm, spacing_mm};
  return g;
}

/// Two dozen boxes side by side, as organs of a mouse would fill a label map.
image::Volume<int> organs(const image::Geometry& g) {
  image::Volume<int> labels(g);
  for (std::size_t i = 0; i < labels.values().size(); ++i) {
    const auto [x, y, z] = g.index_of(i);
    labels.values()[i] =
        1 + (x * 2 / g.size[0]) + 2 * (y * 2 / g.size[1]) + 4 * (z * 6 / g.size[2]);
  }
  return labels;
}

void blur_mouse(benchmark::State& state) {
  image::Volume<float> volume(grid(96, 96, 256, 0.4), 1.0F);
  for (auto _ : state) image::gaussian_blur(volume, {1.4, 1.4, 1.4});
}
BENCHMARK(blur_mouse)->Unit(benchmark::kMillisecond);

void overlap_mouse_labels(benchmark::State& state) {
  const auto regions = image::split_labels(organs(grid(160, 160, 480, 0.2)), {});
  const auto pet = grid(80, 80, 240, 0.4);
  for (auto _ : state) {
    for (const auto& region : regions) benchmark::DoNotOptimize(image::overlap(region, pet));
  }
}
BENCHMARK(overlap_mouse_labels)->Unit(benchmark::kMillisecond);

void transfer_matrix_mouse(benchmark::State& state) {
  const auto regions = image::split_labels(organs(grid(160, 160, 480, 0.2)), {});
  const image::Volume<float> pet(grid(80, 80, 240, 0.4), 1.0F);
  for (auto _ : state)
    benchmark::DoNotOptimize(region::correct_partial_volume(pet, regions, {1.4, 1.4, 1.4}));
}
BENCHMARK(transfer_matrix_mouse)->Unit(benchmark::kMillisecond);

}  // namespace
