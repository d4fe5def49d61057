#pragma once
#include <filesystem>

#include "sojourn/io/image_import.h"

namespace sojourn::io {

/// True where the path is a DICOM file or a folder that holds one (looks at the first bytes, not at
/// names).
[[nodiscard]] bool is_dicom(const std::filesystem::path& path);
[[nodiscard]] records::ImageSeries import_dicom(const std::filesystem::path& path,
                                                const ImportRequest& request);

}  // namespace sojourn::io
