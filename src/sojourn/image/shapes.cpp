#include "sojourn/image/shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/units/units.h"

namespace sojourn::image {
namespace {

constexpr int kPoints =
    10;  // per axis in a voxel that the surface may cross: error below 1e-3 of a voxel row

struct Sphere {
  Vec3 center;  // in voxels
  double radius_mm;
};

double fraction_inside(const Sphere& sphere, const Geometry& grid, const Index3& at) {
  const auto& s = grid.spacing_mm;
  std::array<double, 3> d{};
  for (std::size_t a = 0; a < 3; ++a) d[a] = (at[a] - sphere.center[a]) * s[a];
  const double distance = norm(d);
  const double half_diagonal = 0.5 * norm(s);
  if (distance + half_diagonal <= sphere.radius_mm) return 1;
  if (distance - half_diagonal >= sphere.radius_mm) return 0;
  std::array<std::array<double, kPoints>, 3> squares{};
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t p = 0; p < kPoints; ++p) {
      const double x = d[a] + s[a] * ((static_cast<double>(p) + 0.5) / kPoints - 0.5);
      squares[a][p] = x * x;
    }
  }
  const double r2 = sphere.radius_mm * sphere.radius_mm;
  int inside = 0;
  for (const double z : squares[2]) {
    for (const double y : squares[1]) {
      for (const double x : squares[0]) inside += x + y + z <= r2 ? 1 : 0;
    }
  }
  return inside / static_cast<double>(kPoints * kPoints * kPoints);
}

}  // namespace

double sphere_ml(double radius_mm) {
  return 4.0 / 3.0 * std::numbers::pi * radius_mm * radius_mm * radius_mm / units::kMm3PerMl;
}

double sphere_radius_mm(double volume_ml) {
  return std::cbrt(volume_ml * units::kMm3PerMl * 3.0 / (4.0 * std::numbers::pi));
}

RegionMask sphere_region(std::string name, const Vec3& center_mm, double radius_mm,
                         const Geometry& grid) {
  RegionMask region;
  region.name = std::move(name);
  const Sphere sphere{grid.to_voxel(center_mm), radius_mm};
  Index3 begin{}, end{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double reach = radius_mm / grid.spacing_mm[a] + 0.5;
    // Clamped before the cast: a sphere far outside must not overflow.
    const double last = grid.size[a];
    begin[a] = static_cast<int>(std::clamp(std::floor(sphere.center[a] - reach), 0.0, last));
    end[a] = static_cast<int>(std::clamp(std::ceil(sphere.center[a] + reach) + 1, 0.0, last));
    if (begin[a] >= end[a]) return region;
  }
  Volume<float> fraction(grid.cropped(begin, end));
  for (int k = begin[2]; k < end[2]; ++k) {
    for (int j = begin[1]; j < end[1]; ++j) {
      for (int i = begin[0]; i < end[0]; ++i) {
        fraction.at(i - begin[0], j - begin[1], k - begin[2]) =
            static_cast<float>(fraction_inside(sphere, grid, {i, j, k}));
      }
    }
  }
  return make_region(std::move(region.name), 0, fraction);
}

RegionMask box_region(std::string name, const Vec3& min_mm, const Vec3& max_mm) {
  Geometry box;
  box.size = {1, 1, 1};
  for (std::size_t a = 0; a < 3; ++a) {
    box.spacing_mm[a] = max_mm[a] - min_mm[a];
    box.origin_mm[a] = 0.5 * (min_mm[a] + max_mm[a]);
  }
  RegionMask region;
  region.name = std::move(name);
  region.fraction = Volume<float>(box, 1.0F);
  return region;
}

}  // namespace sojourn::image
