#include "sojourn/subject/lattice.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/parallel.h"

namespace sojourn::subject {
namespace {

using image::Geometry;
using image::Vec3;

Geometry fine_grid(const std::array<Vec3, 2>& box, double step_mm) {
  SOJOURN_EXPECT(step_mm > 0);
  Geometry grid;
  for (std::size_t a = 0; a < 3; ++a) {
    const double length = box[1][a] - box[0][a];
    SOJOURN_EXPECT(length > 0 && length / step_mm < 4096);
    grid.size[a] = static_cast<int>(std::round(length / step_mm));
    grid.spacing_mm[a] = step_mm;
    grid.origin_mm[a] = box[0][a] + step_mm / 2;
  }
  return grid;
}

/// Paints one part into one slice.
void paint(const Part& part, const std::array<Vec3, 2>& box, int k,
           image::Volume<std::uint8_t>& organs) {
  const Geometry& grid = organs.geometry();
  std::array<int, 3> begin{}, end{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double low = (box[0][a] - grid.origin_mm[a]) / grid.spacing_mm[a];
    const double high = (box[1][a] - grid.origin_mm[a]) / grid.spacing_mm[a];
    begin[a] = std::clamp(static_cast<int>(std::floor(low)), 0, grid.size[a]);
    end[a] = std::clamp(static_cast<int>(std::ceil(high)) + 1, 0, grid.size[a]);
  }
  if (k < begin[2] || k >= end[2]) return;
  for (int j = begin[1]; j < end[1]; ++j) {
    for (int i = begin[0]; i < end[0]; ++i) {
      if (contains(part.solid, grid.to_mm({double(i), double(j), double(k)}))) {
        organs.at(i, j, k) = static_cast<std::uint8_t>(part.organ);
      }
    }
  }
}

/// Counts of each organ in one block.
std::array<int, kOrgans> count(const image::Volume<std::uint8_t>& organs, int n, int i, int j,
                               int k) {
  std::array<int, kOrgans> counts{};
  for (int w = 0; w < n; ++w) {
    for (int v = 0; v < n; ++v) {
      for (int u = 0; u < n; ++u) ++counts[organs.at(i * n + u, j * n + v, k * n + w)];
    }
  }
  return counts;
}

}  // namespace

Lattice::Lattice(std::span<const Part> parts, const std::array<Vec3, 2>& box_mm, double step_mm)
    : organs_(fine_grid(box_mm, step_mm)) {
  std::vector<std::array<Vec3, 2>> boxes;
  for (const Part& part : parts) boxes.push_back(bounds(part.solid));
  core::parallel_for(static_cast<std::size_t>(organs_.geometry().size[2]), [&](std::size_t k) {
    for (std::size_t p = 0; p < parts.size(); ++p) {
      paint(parts[p], boxes[p], static_cast<int>(k), organs_);
    }
  });
}

PerOrgan Lattice::volumes_ml() const {
  std::array<std::size_t, kOrgans> counts{};
  for (const auto organ : organs_.values()) ++counts[organ];
  PerOrgan volumes{};
  for (std::size_t i = 0; i < kOrgans; ++i) {
    volumes[i] = static_cast<double>(counts[i]) * organs_.geometry().voxel_ml();
  }
  return volumes;
}

Geometry Lattice::coarse(int n) const {
  SOJOURN_EXPECT(n > 0);
  const Geometry& fine = organs_.geometry();
  Geometry grid = fine;
  for (std::size_t a = 0; a < 3; ++a) {
    grid.size[a] = fine.size[a] / n;
    grid.spacing_mm[a] = fine.spacing_mm[a] * n;
    grid.origin_mm[a] = fine.origin_mm[a] + (n - 1) * fine.spacing_mm[a] / 2;
  }
  return grid;
}

image::Volume<float> Lattice::average(const PerOrgan& value, int n) const {
  image::Volume<float> result(coarse(n));
  const Geometry& grid = result.geometry();
  const double points = static_cast<double>(n) * n * n;
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t slice) {
    const int k = static_cast<int>(slice);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const auto counts = count(organs_, n, i, j, k);
        double sum = 0;
        for (std::size_t o = 0; o < kOrgans; ++o) sum += counts[o] * value[o];
        result.at(i, j, k) = static_cast<float>(sum / points);
      }
    }
  });
  return result;
}

image::Volume<int> Lattice::labels(const std::array<int, kOrgans>& label, int n) const {
  image::Volume<int> result(coarse(n));
  const Geometry& grid = result.geometry();
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t slice) {
    const int k = static_cast<int>(slice);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const auto counts = count(organs_, n, i, j, k);
        std::map<int, int> votes;
        for (std::size_t o = 0; o < kOrgans; ++o) {
          if (counts[o] > 0) votes[label[o]] += counts[o];
        }
        const bool smallest = (i + j + k) % 2 == 0;
        auto most = votes.begin();
        for (auto vote = votes.begin(); vote != votes.end(); ++vote) {
          if (vote->second > most->second || (vote->second == most->second && !smallest)) {
            most = vote;
          }
        }
        result.at(i, j, k) = most->first;
      }
    }
  });
  return result;
}

}  // namespace sojourn::subject
