#pragma once
#include <array>
#include <cstddef>

namespace sojourn::image {

using Vec3 = std::array<double, 3>;
using Index3 = std::array<int, 3>;

/// Where the voxels of a volume lie: a rectangular grid in patient space, LPS (DICOM) millimetres.
/// Voxel (i, j, k) has its centre at origin + i spacing[0] axis[0] + j spacing[1] axis[1] + k
/// spacing[2] axis[2]; values are stored with i fastest. The axes are orthonormal.
struct Geometry {
  Index3 size{0, 0, 0};  ///< voxels along each axis
  Vec3 spacing_mm{1, 1, 1};
  Vec3 origin_mm{0, 0, 0};                                      ///< centre of voxel (0, 0, 0)
  std::array<Vec3, 3> axis{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  ///< unit vectors of i, j, k

  [[nodiscard]] std::size_t voxels() const;
  [[nodiscard]] double voxel_ml() const;
  [[nodiscard]] std::size_t offset(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) +
            static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(i);
  }
  [[nodiscard]] Index3 index_of(std::size_t offset) const;
  [[nodiscard]] bool contains(int i, int j, int k) const {
    return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  }
  /// Continuous voxel coordinates <-> millimetres; whole numbers are voxel centres.
  [[nodiscard]] Vec3 to_mm(const Vec3& voxel) const;
  [[nodiscard]] Vec3 to_voxel(const Vec3& mm) const;

  /// The part [begin, end) of this grid as a grid of its own. @throws Error(bad_value) if not
  /// inside.
  [[nodiscard]] Geometry cropped(const Index3& begin, const Index3& end) const;
};

/// Same size, and corners that agree within `tolerance_voxels` of a voxel.
[[nodiscard]] bool same_grid(const Geometry& a, const Geometry& b, double tolerance_voxels = 0.01);

[[nodiscard]] double dot(const Vec3& a, const Vec3& b);
[[nodiscard]] Vec3 cross(const Vec3& a, const Vec3& b);
[[nodiscard]] double norm(const Vec3& a);
[[nodiscard]] Vec3 operator+(const Vec3& a, const Vec3& b);
[[nodiscard]] Vec3 operator-(const Vec3& a, const Vec3& b);
[[nodiscard]] Vec3 operator*(double s, const Vec3& a);

}  // namespace sojourn::image
