#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/projector/lor.h"
#include "sojourn/projector/tof_kernel.h"

namespace sojourn::test {

/// Joseph's method again, double precision and as plain as can be: calls visit(voxel offset,
/// weight) for each voxel that a line touches. @param tof, tof_mm kernel and place of the event, or
/// nullptr.
inline void visit_line(const image::Geometry& g, const projector::Lor& lor,
                       const projector::TofKernel* tof, double tof_mm,
                       const std::function<void(std::size_t, double)>& visit) {
  const auto point = [&](const std::array<float, 3>& mm) {
    return g.to_voxel(
        {static_cast<double>(mm[0]), static_cast<double>(mm[1]), static_cast<double>(mm[2])});
  };
  const image::Vec3 p = point(lor.from_mm), q = point(lor.to_mm);
  image::Vec3 d{};
  double squares = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    d[a] = q[a] - p[a];
    squares += std::pow(d[a] * g.spacing_mm[a], 2);
  }
  const double length = std::sqrt(squares);
  const auto mm = [&](std::size_t a) { return std::abs(d[a]) * g.spacing_mm[a]; };
  const std::size_t m = mm(2) > mm(0) && mm(2) > mm(1) ? 2 : mm(1) > mm(0) ? 1 : 0;
  const std::size_t s = m == 0 ? 1 : 0, f = m == 2 ? 1 : 2;
  for (int i = 0; i < g.size[m]; ++i) {
    const double part = (i - p[m]) / d[m];
    if (!(part >= 0 && part <= 1)) continue;
    double weight = length / std::abs(d[m]);
    if (tof != nullptr) weight *= tof->exact((part - 0.5) * length - tof_mm);
    const double at_s = p[s] + part * d[s], at_f = p[f] + part * d[f];
    const int s0 = static_cast<int>(std::floor(at_s)), f0 = static_cast<int>(std::floor(at_f));
    for (int bs = 0; bs < 2; ++bs) {
      for (int bf = 0; bf < 2; ++bf) {
        image::Index3 at{};
        at[m] = i;
        at[s] = s0 + bs;
        at[f] = f0 + bf;
        if (!g.contains(at[0], at[1], at[2])) continue;
        const double w = (bs ? at_s - s0 : 1 - at_s + s0) * (bf ? at_f - f0 : 1 - at_f + f0);
        visit(g.offset(at[0], at[1], at[2]), weight * w);
      }
    }
  }
}

inline std::vector<double> reference_forward(const image::Geometry& g,
                                             const std::vector<double>& image,
                                             const projector::Lines& lines,
                                             const projector::TofKernel* tof) {
  std::vector<double> values(lines.size());
  for (std::size_t e = 0; e < lines.size(); ++e)
    visit_line(g, lines.lors[e], tof, tof ? static_cast<double>(lines.tof_mm[e]) : 0.0,
               [&](std::size_t at, double w) { values[e] += w * image[at]; });
  return values;
}

inline std::vector<double> reference_back(const image::Geometry& g,
                                          const std::vector<double>& values,
                                          const projector::Lines& lines,
                                          const projector::TofKernel* tof) {
  std::vector<double> image(g.voxels());
  for (std::size_t e = 0; e < lines.size(); ++e)
    visit_line(g, lines.lors[e], tof, tof ? static_cast<double>(lines.tof_mm[e]) : 0.0,
               [&](std::size_t at, double w) { image[at] += w * values[e]; });
  return image;
}

}  // namespace sojourn::test
