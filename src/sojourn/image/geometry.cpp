#include "sojourn/image/geometry.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/units/units.h"

namespace sojourn::image {

double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double norm(const Vec3& a) { return std::sqrt(dot(a, a)); }
Vec3 operator+(const Vec3& a, const Vec3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Vec3 operator*(double s, const Vec3& a) { return {s * a[0], s * a[1], s * a[2]}; }

std::size_t Geometry::voxels() const {
  return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
         static_cast<std::size_t>(size[2]);
}

double Geometry::voxel_ml() const {
  return spacing_mm[0] * spacing_mm[1] * spacing_mm[2] / units::kMm3PerMl;
}

Index3 Geometry::index_of(std::size_t offset) const {
  const auto nx = static_cast<std::size_t>(size[0]);
  const auto ny = static_cast<std::size_t>(size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

Vec3 Geometry::to_mm(const Vec3& voxel) const {
  Vec3 mm = origin_mm;
  for (std::size_t a = 0; a < 3; ++a) mm = mm + (voxel[a] * spacing_mm[a]) * axis[a];
  return mm;
}

Vec3 Geometry::to_voxel(const Vec3& mm) const {
  const Vec3 d = mm - origin_mm;
  return {dot(d, axis[0]) / spacing_mm[0], dot(d, axis[1]) / spacing_mm[1],
          dot(d, axis[2]) / spacing_mm[2]};
}

Geometry Geometry::cropped(const Index3& begin, const Index3& end) const {
  Geometry part = *this;
  for (std::size_t a = 0; a < 3; ++a) {
    if (begin[a] < 0 || end[a] > size[a] || begin[a] > end[a]) {
      throw Error(ErrorCode::bad_value, "crop outside the image (voxel indices); correct the box");
    }
    part.size[a] = end[a] - begin[a];
  }
  part.origin_mm = to_mm({static_cast<double>(begin[0]), static_cast<double>(begin[1]),
                          static_cast<double>(begin[2])});
  return part;
}

bool same_grid(const Geometry& a, const Geometry& b, double tolerance_voxels) {
  if (a.size != b.size) return false;
  for (const int corner : {0, 1, 2, 4, 7}) {
    const Vec3 voxel = {corner & 1 ? a.size[0] - 1.0 : 0.0, corner & 2 ? a.size[1] - 1.0 : 0.0,
                        corner & 4 ? a.size[2] - 1.0 : 0.0};
    const Vec3 other = b.to_voxel(a.to_mm(voxel));
    for (std::size_t i = 0; i < 3; ++i) {
      if (std::abs(other[i] - voxel[i]) > tolerance_voxels) return false;
    }
  }
  return true;
}

}  // namespace sojourn::image
