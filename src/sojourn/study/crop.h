#pragma once
#include <array>

#include "sojourn/records/series.h"

namespace sojourn::study {

/// Cuts a series down to the voxels whose centres lie in the box: one animal of several in a bed.
/// @param corners_mm two opposite corners, LPS. @throws Error(bad_input) where nothing is left.
void crop(records::ImageSeries& series, const std::array<image::Vec3, 2>& corners_mm);

}  // namespace sojourn::study
