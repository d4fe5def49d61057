#pragma once
#include <filesystem>

#include "sojourn/io/image_import.h"

namespace sojourn::io {

/// ECAT 7 (big-endian, volume 16-bit): calibration applied once, as its calibration-units flag
/// says.
[[nodiscard]] bool is_ecat7(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_ecat7(const std::filesystem::path& file);

/// Siemens Inveon / Concorde microPET: raw `.img` beside its text header `.img.hdr`.
[[nodiscard]] bool is_concorde(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_concorde(const std::filesystem::path& file);

}  // namespace sojourn::io
