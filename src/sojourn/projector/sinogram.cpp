#include "sojourn/projector/sinogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::projector {

std::size_t SinogramShape::planes() const {
  std::size_t all = 0;
  for (const auto& s : segments) all += static_cast<std::size_t>(s.planes);
  return all;
}

std::size_t SinogramShape::bins() const {
  return planes() * static_cast<std::size_t>(views) * static_cast<std::size_t>(tangential);
}

Lor SinogramShape::line(std::size_t segment, int plane, int view, int t) const {
  const Segment& s = segments.at(segment);
  SOJOURN_EXPECT(plane >= 0 && plane < s.planes && t >= 0 && t < tangential);
  const double phi = view_offset_rad + std::numbers::pi * view / views;
  const int bin = t - tangential / 2;
  const double away =
      arc_corrected ? bin * bin_mm : radius_mm * std::sin(std::numbers::pi * bin / detectors);
  const double half = std::sqrt(std::max(0.0, radius_mm * radius_mm - away * away));
  const double step = s.merged ? ring_mm / 2 : ring_mm;
  const double z = (plane - (s.planes - 1) / 2.0) * step;
  const double climb = s.ring_difference * ring_mm / 2;
  const double c = std::cos(phi), n = std::sin(phi);
  Lor lor;
  lor.from_mm = {static_cast<float>(away * c + half * n), static_cast<float>(away * n - half * c),
                 static_cast<float>(z - climb)};
  lor.to_mm = {static_cast<float>(away * c - half * n), static_cast<float>(away * n + half * c),
               static_cast<float>(z + climb)};
  return lor;
}

double SinogramShape::half_length_mm() const {
  double half = 0;
  for (const auto& s : segments)
    half = std::max(half, (s.planes - 1) / 2.0 * (s.merged ? ring_mm / 2 : ring_mm) +
                              std::abs(s.ring_difference) * ring_mm / 2 + ring_mm / 2);
  return half;
}

}  // namespace sojourn::projector
