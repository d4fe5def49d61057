#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// The image files of one SeriesInstanceUID (and SOP class), in the order of their names.
struct Series {
  std::vector<ImageFile> files;
};

struct Folder {
  std::vector<Series> series;  ///< by series number
  int n_other = 0;             ///< DICOM files that hold no image of ours
};

/// Finds the DICOM files under a path by their content and reads their headers in parallel.
/// @throws Error(bad_input) where the path is missing, holds no DICOM, or a DICOM file is broken.
[[nodiscard]] Folder scan_folder(const std::filesystem::path& path);

}  // namespace sojourn::io::dicom
