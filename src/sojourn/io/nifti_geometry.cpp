#include "sojourn/io/nifti_geometry.h"

#include <algorithm>
#include <cmath>

namespace sojourn::io {
namespace {

using image::cross;
using image::dot;
using image::Geometry;
using image::norm;
using image::Vec3;
using image::operator+;
using image::operator-;
using image::operator*;

/// Forms that differ by more are two different placements of the image.
constexpr double kFormsAgree_voxels = 0.1;
/// Rounding of an affine to 4 decimals moves the far corner of a 500-voxel image of 0.2 mm voxels
/// by about 0.06 voxel; a true shear of a third of a degree moves it by over one.
constexpr double kWarn_voxels = 0.02, kRefuse_voxels = 0.25;

Vec3 column(const Affine& m, std::size_t c) { return {m[0][c], m[1][c], m[2][c]}; }

Vec3 apply(const Affine& m, const Vec3& v) {
  Vec3 out{};
  for (std::size_t r = 0; r < 3; ++r)
    out[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2] + m[r][3];
  return out;
}

Vec3 corner(const image::Index3& size, unsigned which) {
  return {which & 1U ? size[0] - 1.0 : 0.0, which & 2U ? size[1] - 1.0 : 0.0,
          which & 4U ? size[2] - 1.0 : 0.0};
}

/// Largest distance between two affines at the corners, in the smallest voxel size of `a`.
double corner_distance(const Affine& a, const Affine& b, const image::Index3& size) {
  const double voxel = std::min({norm(column(a, 0)), norm(column(a, 1)), norm(column(a, 2))});
  double most = 0;
  for (unsigned c = 0; c < 8; ++c) {
    most = std::max(most, norm(apply(a, corner(size, c)) - apply(b, corner(size, c))) / voxel);
  }
  return most;
}

using Columns = std::array<Vec3, 3>;

double determinant(const Columns& c) { return dot(c[0], cross(c[1], c[2])); }

/// Orthogonal factor of the polar decomposition by Newton's iteration X <- (X + X^-T) / 2.
/// @source N. J. Higham, SIAM J. Sci. Stat. Comput. 7 (1986) 1160-1174, doi:10.1137/0907079.
Columns polar(Columns x) {
  for (int step = 0; step < 50; ++step) {
    const double det = determinant(x);
    const Columns inverse_transposed = {(1 / det) * cross(x[1], x[2]),
                                        (1 / det) * cross(x[2], x[0]),
                                        (1 / det) * cross(x[0], x[1])};
    double change = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const Vec3 next = 0.5 * (x[c] + inverse_transposed[c]);
      change = std::max(change, norm(next - x[c]));
      x[c] = next;
    }
    if (change < 1e-15) break;
  }
  return x;
}

void check_finite(const Affine& m, const char* name, const std::string& file) {
  for (const auto& row : m) {
    for (const double v : row) {
      if (!std::isfinite(v) || std::abs(v) > 1e7) {
        refuse("{}: the {} holds {}, no place in a scanner; rewrite the header", file, name, v);
      }
    }
  }
  const Columns c = {column(m, 0), column(m, 1), column(m, 2)};
  const double volume = std::abs(determinant(c));
  const double box = norm(c[0]) * norm(c[1]) * norm(c[2]);
  if (!(box > 1e-12) || !(volume > 0.1 * box)) {
    refuse("{}: the {} has an axis of length zero or two parallel axes; rewrite the header", file,
           name);
  }
}

}  // namespace

Affine ras_to_lps(const Affine& affine) {
  Affine out = affine;
  for (std::size_t c = 0; c < 4; ++c) {
    out[0][c] = -affine[0][c];
    out[1][c] = -affine[1][c];
  }
  return out;
}

Affine affine_of(const Geometry& grid) {
  Affine m{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) m[r][c] = grid.axis[c][r] * grid.spacing_mm[c];
    m[r][3] = grid.origin_mm[r];
  }
  return m;
}

Affine sform_of(const NiftiHeader& header) {
  Affine m = header.srow;
  for (auto& row : m) {
    for (double& v : row) v *= header.mm_per_unit;
  }
  return m;
}

Affine qform_of(const NiftiHeader& header) {
  auto [b, c, d] = header.quatern;
  const double length = b * b + c * c + d * d;
  double a = 0;
  if (1.0 - length < 1e-7) {  // a half turn: normalised, as niftilib does
    const double scale = 1 / std::sqrt(length);
    b *= scale, c *= scale, d *= scale;
  } else {
    a = std::sqrt(1.0 - length);
  }
  const double flip = header.pixdim[0] < 0 ? -1.0 : 1.0;
  const Vec3 s = {header.pixdim[1], header.pixdim[2], flip * header.pixdim[3]};
  const double rotation[3][3] = {
      {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
      {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
      {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}};
  Affine m{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t i = 0; i < 3; ++i) m[r][i] = rotation[r][i] * s[i] * header.mm_per_unit;
    m[r][3] = header.qoffset[r] * header.mm_per_unit;
  }
  return m;
}

Geometry nearest_grid(const Affine& affine, const image::Index3& size,
                      double& displacement_voxels) {
  Geometry grid;
  grid.size = size;
  Columns unit;
  for (std::size_t c = 0; c < 3; ++c) {
    const Vec3 v = column(affine, c);
    grid.spacing_mm[c] = norm(v);
    unit[c] = (1 / grid.spacing_mm[c]) * v;
  }
  grid.axis = polar(unit);
  const Vec3 centre = {(size[0] - 1) / 2.0, (size[1] - 1) / 2.0, (size[2] - 1) / 2.0};
  grid.origin_mm = {0, 0, 0};
  grid.origin_mm = apply(affine, centre) - grid.to_mm(centre);
  displacement_voxels = corner_distance(affine, affine_of(grid), size);
  return grid;
}

Geometry nifti_geometry(const NiftiHeader& header, const std::string& file,
                        std::vector<std::string>& warnings) {
  const bool has_s = header.sform_code > 0, has_q = header.qform_code > 0;
  if (!has_s && !has_q) {
    refuse(
        "{}: sform_code and qform_code are both 0, so nothing says where the image lies and how "
        "large its voxels "
        "are; write the scanner's orientation into the header (code 1)",
        file);
  }
  if (has_s) check_finite(sform_of(header), "sform", file);
  for (std::size_t a = 1; has_q && a <= 3; ++a) {
    if (!(header.pixdim[a] > 0)) {
      refuse("{}: pixdim[{}] is {}, no voxel size; rewrite the header", file, a, header.pixdim[a]);
    }
  }
  if (has_q) check_finite(qform_of(header), "qform", file);
  if (has_s && has_q) {
    const double apart = corner_distance(qform_of(header), sform_of(header), header.size);
    if (apart > kFormsAgree_voxels) {
      refuse(
          "{}: sform (code {}) and qform (code {}) put the corners up to {:.2g} voxels apart, and "
          "programs differ "
          "in which one they take; decide, and write that one into both or set the other's code to "
          "0",
          file, header.sform_code, header.qform_code, apart);
    }
  }
  if (!header.unit_stated)
    warnings.emplace_back("the header names no unit of length; millimetres taken");
  double moved = 0;
  const Affine lps = ras_to_lps(has_s ? sform_of(header) : qform_of(header));
  Geometry grid = nearest_grid(lps, header.size, moved);
  if (moved > kRefuse_voxels) {
    refuse(
        "{}: the {} is sheared (a rectangular grid would move its corners by {:.2g} voxels); "
        "resample the image "
        "onto a rectangular grid",
        file, has_s ? "sform" : "qform", moved);
  }
  if (moved > kWarn_voxels) {
    warnings.push_back(
        fmt::format("the axes of the header are not quite at right angles (rounding); the nearest "
                    "rectangular grid was taken, moving corners by up to {:.2g} voxels",
                    moved));
  }
  return grid;
}

}  // namespace sojourn::io
