#include "sojourn/recon/fbp.h"

#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::recon {
namespace {

constexpr double kPi = std::numbers::pi;

/// Ramp times Hann window in space, at n bins: h(x) = 2 int_0^F f w(f) cos(2 pi f x) df with
/// F = cutoff / (2 bin).
std::vector<double> kernel(int bins, double bin_mm, double cutoff) {
  const double top = cutoff / (2 * bin_mm);
  constexpr int kSteps = 4096;
  std::vector<double> h(static_cast<std::size_t>(bins));
  core::parallel_for(h.size(), [&](std::size_t n) {
    double sum = 0;
    for (int i = 0; i < kSteps; ++i) {
      const double f = top * (i + 0.5) / kSteps;
      const double window = 0.5 * (1 + std::cos(kPi * f / top));
      sum += f * window * std::cos(2 * kPi * f * static_cast<double>(n) * bin_mm);
    }
    h[n] = 2 * sum * top / kSteps;
  });
  return h;
}

std::vector<double> filtered(std::span<const float> row, const std::vector<double>& h,
                             double bin_mm) {
  std::vector<double> out(row.size());
  for (std::size_t t = 0; t < row.size(); ++t)
    for (std::size_t u = 0; u < row.size(); ++u)
      out[t] += static_cast<double>(row[u]) * h[t > u ? t - u : u - t] * bin_mm;
  return out;
}

}  // namespace

image::Volume<float> filtered_back_projection(const projector::SinogramShape& shape,
                                              std::span<const float> values, double cutoff) {
  if (!shape.arc_corrected) refuse("filtered back-projection needs an arc-corrected sinogram");
  if (!(cutoff > 0 && cutoff <= 1)) refuse("a cutoff of {}: take 0 to 1 of Nyquist", cutoff);
  const auto& segment = shape.segments.at(0);
  const auto bins = static_cast<std::size_t>(shape.tangential);
  SOJOURN_EXPECT(values.size() == bins * static_cast<std::size_t>(shape.views * segment.planes));
  image::Geometry grid;
  grid.size = {shape.tangential, shape.tangential, segment.planes};
  grid.spacing_mm = {shape.bin_mm, shape.bin_mm,
                     segment.merged ? shape.ring_mm / 2 : shape.ring_mm};
  const int middle = shape.tangential / 2;
  grid.origin_mm = {-middle * shape.bin_mm, -middle * shape.bin_mm,
                    -0.5 * (segment.planes - 1) * grid.spacing_mm[2]};
  image::Volume<float> out(grid);
  const auto h = kernel(shape.tangential, shape.bin_mm, cutoff);
  core::parallel_for(static_cast<std::size_t>(segment.planes), [&](std::size_t plane) {
    for (int v = 0; v < shape.views; ++v) {
      const auto row = values.subspan(
          (plane * static_cast<std::size_t>(shape.views) + static_cast<std::size_t>(v)) * bins,
          bins);
      const auto q = filtered(row, h, shape.bin_mm);
      const double phi = shape.view_offset_rad + kPi * v / shape.views;
      const double c = std::cos(phi), s = std::sin(phi), weight = kPi / shape.views;
      for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i) {
          const double at = (i - middle) * c + (j - middle) * s + middle;
          const int low = static_cast<int>(std::floor(at));
          if (low < 0 || low + 1 >= shape.tangential) continue;
          const double part = at - low;
          const auto t = static_cast<std::size_t>(low);
          out.at(i, j, static_cast<int>(plane)) +=
              static_cast<float>(weight * ((1 - part) * q[t] + part * q[t + 1]));
        }
    }
  });
  return out;
}

}  // namespace sojourn::recon
