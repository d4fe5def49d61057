#include "sojourn/region/body.h"

#include <algorithm>
#include <cmath>

#include "sojourn/region/segment.h"
#include "sojourn/region/tissue_parts.h"
#include "sojourn/units/units.h"

namespace sojourn::region {
namespace {

/// Emission image: part of its 99.9th percentile that still counts as body.
constexpr float kEmissionFraction = 0.01F;
constexpr double kEmissionQuantile = 0.999;
/// Smoothed by this FWHM, in voxels, before the threshold, so that noise does not eat holes.
constexpr double kSmoothVoxels = 2.0;

image::RegionMask body_above(const image::Volume<float>& volume, float threshold) {
  Bits bits(volume.values().size());
  std::transform(volume.values().begin(), volume.values().end(), bits.begin(),
                 [&](float v) { return v > threshold ? std::uint8_t{1} : std::uint8_t{0}; });
  keep_largest(bits, volume.geometry().size);
  fill_holes(bits, volume.geometry().size, head_foot_axis(volume.geometry()));
  return region_of("body", bits, volume.geometry());
}

}  // namespace

std::size_t head_foot_axis(const image::Geometry& grid) {
  std::size_t best = 0;
  for (std::size_t a = 1; a < 3; ++a) {
    if (std::abs(grid.axis[a][2]) > std::abs(grid.axis[best][2])) best = a;
  }
  return best;
}

image::RegionMask region_of(std::string name, const Bits& bits, const image::Geometry& grid) {
  image::Volume<float> fraction(grid);
  std::transform(bits.begin(), bits.end(), fraction.values().begin(),
                 [](std::uint8_t b) { return b != 0 ? 1.0F : 0.0F; });
  return image::make_region(std::move(name), 0, fraction);
}

image::RegionMask body_from_ct(const image::Volume<float>& hounsfield) {
  return body_above(hounsfield, kBodyAboveHu);
}

image::RegionMask body_from_emission(const image::Volume<float>& concentration_bq_per_ml) {
  const auto& grid = concentration_bq_per_ml.geometry();
  Block smooth{{0, 0, 0}, grid.size, concentration_bq_per_ml.values()};
  for (float& v : smooth.values) v = std::isfinite(v) ? v : 0.0F;
  constexpr double kSigma = kSmoothVoxels / units::kFwhmPerSigma;
  blur(smooth, {kSigma, kSigma, kSigma});
  std::vector<float> sorted(smooth.values.begin(), smooth.values.end());
  float high = 0;
  if (!sorted.empty()) {
    const auto at =
        static_cast<std::ptrdiff_t>(kEmissionQuantile * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
    high = sorted[static_cast<std::size_t>(at)];
    // A small subject in a large field: the percentile may lie in the air around it.
    if (!(high > 0)) high = *std::max_element(sorted.begin(), sorted.end());
  }
  return body_above(image::Volume<float>(grid, std::move(smooth.values)),
                    std::max(0.0F, kEmissionFraction * high));
}

}  // namespace sojourn::region
