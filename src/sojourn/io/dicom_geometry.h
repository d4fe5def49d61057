#pragma once
#include <string>
#include <vector>

#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// Checks that every plane says where it lies, and in the same directions, spacing and matrix as
/// the first.
/// @throws Error(bad_input) naming the file and the field.
void check_planes(const std::vector<Plane>& planes, const std::vector<ImageFile>& files,
                  const std::string& where);

/// Sorts the planes of one frame along the normal and finds the grid that they make.
/// @throws Error(bad_input) for missing, doubled, unevenly spaced or tilted slices.
[[nodiscard]] image::Geometry stack_planes(std::vector<Plane>& planes,
                                           const std::vector<ImageFile>& files,
                                           const std::string& where,
                                           std::vector<std::string>& warnings);

}  // namespace sojourn::io::dicom
