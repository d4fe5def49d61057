#pragma once
#include <array>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/io/nifti_header.h"

namespace sojourn::io {

/// Rows of a 3 x 4 matrix: voxel (i, j, k, 1) -> millimetres.
using Affine = std::array<std::array<double, 4>, 3>;

/// NIfTI counts x to the Right and y to the Anterior (RAS); we count to Left and Posterior (LPS).
/// Its own inverse.
[[nodiscard]] Affine ras_to_lps(const Affine& affine);

/// The affine of a grid, in LPS.
[[nodiscard]] Affine affine_of(const image::Geometry& grid);

/// sform (method 3) and qform (method 2) of a header as affines in RAS millimetres.
/// @source nifti1.h, "3D IMAGE (VOLUME) ORIENTATION AND LOCATION IN SPACE".
[[nodiscard]] Affine sform_of(const NiftiHeader& header);
[[nodiscard]] Affine qform_of(const NiftiHeader& header);

/// The rectangular grid nearest to an affine (LPS): axes from the polar decomposition of the
/// normalised columns, the centre of the image kept, spacing the columns' lengths.
/// @param displacement_voxels  largest move of a corner by that, in voxels.
[[nodiscard]] image::Geometry nearest_grid(const Affine& affine, const image::Index3& size,
                                           double& displacement_voxels);

/// The grid of an image. Where sform and qform are both set they must agree within 0.1 voxel at the
/// corners.
/// @throws Error(bad_input) both codes 0; forms that disagree; a sheared or degenerate affine.
[[nodiscard]] image::Geometry nifti_geometry(const NiftiHeader& header, const std::string& file,
                                             std::vector<std::string>& warnings);

}  // namespace sojourn::io
