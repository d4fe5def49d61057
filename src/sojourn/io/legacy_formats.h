#pragma once
#include <filesystem>

#include "sojourn/io/image_import.h"

namespace sojourn::io {

/// ECAT 7 (big-endian, volume 16-bit): calibration applied once, as its calibration-units flag
/// says.
[[nodiscard]] bool is_ecat7(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_ecat7(const std::filesystem::path& file);

/// Siemens Inveon / Concorde microPET: raw `.img` beside its text header `.img.hdr`; either name is
/// taken. Bq/mL = pixel x scale_factor x calibration_factor / isotope_branching_fraction, x 37
/// where calibration_units is 1.
/// @note Written from the headers' own comments and two public readers (TPC libtpcimgio, PIXI); no
/// file of a real
///       scanner was at hand, so left-right, the planes' order and the decay reference (start of
///       the scan) are unchecked, and the first two always come with a warning.
[[nodiscard]] bool is_concorde(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_concorde(const std::filesystem::path& file);

}  // namespace sojourn::io
