#pragma once
#include <filesystem>

#include "sojourn/io/image_import.h"

namespace sojourn::io {

/// ECAT 7: big-endian; 16- and 32-bit integers or IEEE floats; gzip allowed. The calibration factor
/// is applied once, as the calibration-units flag says: 0 still to apply, 1 applied already.
/// Programs differ on flag 1 (nibabel and TPC multiply always, PET2BIDS does not), so a factor left
/// aside is a warning, and values that cannot be activity without it come with an unknown unit and
/// the line that the study file needs. Decay factors are checked against the frames' times.
/// @note Orientation: head first agrees with nibabel's flips; feet first follows from a half turn
///   and was never checked on a real file. `dosage` has no certain unit and is not used.
/// @source CTI, ECAT 7.2 header fields; checked on nibabel's tinypet.v and PET2BIDS's ramp.
[[nodiscard]] bool is_ecat7(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_ecat7(const std::filesystem::path& file);

/// Siemens Inveon / Concorde microPET: raw `.img` beside its text header `.img.hdr`; either name is
/// taken. Bq/mL = pixel x scale_factor x calibration_factor / isotope_branching_fraction, x 37
/// where calibration_units is 1.
/// @note Written from the headers' own comments and two public readers (TPC libtpcimgio, PIXI); no
///   file of a real scanner was at hand: left-right, the planes' order and the decay reference
///   (start of the scan) are unchecked, and the first two always come with a warning.
[[nodiscard]] bool is_concorde(const std::filesystem::path& file);
[[nodiscard]] records::ImageSeries import_concorde(const std::filesystem::path& file);

}  // namespace sojourn::io
