#pragma once
#include <filesystem>

#include "sojourn/records/series.h"

namespace sojourn::io {

/// DICOM SEG, binary or fractional, each segment a region on the SEG's own grid; empty segments are
/// kept.
[[nodiscard]] records::RegionSet read_dicom_seg(const std::filesystem::path& file);

/// What a contour selects.
enum class ContourRule {
  exact_coverage,  ///< of each voxel the part inside the polygon, whatever image it was drawn on
  voxel_centre,    ///< voxels of `image` with their centre inside, where contours lie on its slices
  as_drawn  ///< voxel_centre for contours that refer to PET or NM slices, else exact_coverage
};

/// RTSTRUCT: closed planar contours of each ROI, several per slice, holes by even-odd or keyhole;
/// each region is the exact polygon coverage on a grid of its own: parallel to `image` where the
/// contours are, as fine as its pixels or finer, one layer per contour plane, as thick as the
/// planes are apart. Missing planes stay gaps.
///
/// A contour drawn on coarse PET pixels means the voxels that the drawing program took: those with
/// their centre inside. Exact coverage of the same polygon differs by some 2 % in volume and 1 % in
/// mean on a tumour of 50 mL, so `as_drawn` keeps these voxels.
[[nodiscard]] records::RegionSet read_rtstruct(const std::filesystem::path& file,
                                               const image::Geometry& image,
                                               ContourRule rule = ContourRule::as_drawn);

}  // namespace sojourn::io
