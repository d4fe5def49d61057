#pragma once
#include <string>
#include <vector>

#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// Splits the planes of a series into time frames, each with one plane at every position, in the
/// order of time. The first of these that separates planes at the same position decides: image
/// index with the number of time slices, temporal position, acquisition date and time, frame
/// reference time, trigger time; at last the order of acquisition at each position (several beds in
/// several passes).
/// @throws Error(bad_input) where frames have different numbers of slices, or nothing tells copies
/// apart.
[[nodiscard]] std::vector<std::vector<Plane>> split_frames(const std::vector<Plane>& planes,
                                                           const std::vector<ImageFile>& files,
                                                           const std::string& where);

}  // namespace sojourn::io::dicom
