#pragma once
#include <cmath>
#include <numbers>
#include <vector>

#include "sojourn/core/random.h"
#include "sojourn/projector/joseph.h"
#include "sojourn/recon/measured.h"

namespace sojourn::test {

inline image::Geometry centred_grid(image::Index3 size, double spacing_mm) {
  image::Geometry g;
  g.size = size;
  g.spacing_mm = {spacing_mm, spacing_mm, spacing_mm};
  for (std::size_t a = 0; a < 3; ++a) g.origin_mm[a] = -0.5 * (size[a] - 1) * spacing_mm;
  return g;
}

/// A warm cylinder with a hot rod in it.
inline image::Volume<float> warm_and_hot(const image::Geometry& g) {
  image::Volume<float> x(g);
  for (std::size_t i = 0; i < g.voxels(); ++i) {
    const auto index = g.index_of(i);
    const auto mm = g.to_mm({static_cast<double>(index[0]), static_cast<double>(index[1]),
                             static_cast<double>(index[2])});
    const double radius = 0.38 * g.size[0] * g.spacing_mm[0];
    if (std::hypot(mm[0], mm[1]) < radius) x.values()[i] = 1;
    if (std::hypot(mm[0] - radius / 2, mm[1]) < radius / 4) x.values()[i] = 5;
  }
  return x;
}

/// Every pair of detectors of a few rings that passes near the middle.
inline std::vector<projector::Lor> ring_lines(int detectors, int rings, double radius_mm,
                                              double ring_mm, double fov_mm) {
  std::vector<projector::Lor> lors;
  const auto point = [&](int d, int ring) {
    const double angle = 2 * std::numbers::pi * d / detectors;
    return std::array{static_cast<float>(radius_mm * std::cos(angle)),
                      static_cast<float>(radius_mm * std::sin(angle)),
                      static_cast<float>((ring - 0.5 * (rings - 1)) * ring_mm)};
  };
  for (int a = 0; a < detectors; ++a)
    for (int b = a + 1; b < detectors; ++b) {
      if (radius_mm * std::abs(std::cos(std::numbers::pi * (b - a) / detectors)) > fov_mm) continue;
      for (int i = 0; i < rings; ++i)
        for (int j = 0; j < rings; ++j) lors.push_back({point(a, i), point(b, j)});
    }
  return lors;
}

}  // namespace sojourn::test
