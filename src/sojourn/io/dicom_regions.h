#pragma once
#include <filesystem>

#include "sojourn/records/series.h"

namespace sojourn::io {

/// DICOM SEG, binary or fractional, each segment a region on the SEG's own grid; empty segments are
/// kept.
[[nodiscard]] records::RegionSet read_dicom_seg(const std::filesystem::path& file);

/// RTSTRUCT: closed planar contours of each ROI, several per slice, holes by even-odd or keyhole;
/// each region is the exact polygon coverage on a grid of its own (finer than `image` in plane, one
/// layer per contour plane).
[[nodiscard]] records::RegionSet read_rtstruct(const std::filesystem::path& file,
                                               const image::Geometry& image);

}  // namespace sojourn::io
