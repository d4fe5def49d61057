#pragma once
#include <cstdint>
#include <filesystem>

#include "sojourn/io/list_mode.h"

namespace sojourn::io {

/// Writes prompts as CASToR list mode: STEM.Cdh (header) and STEM.Cdf (events: time in ms, time of
/// flight in ps as first minus second where the scanner keeps it, two crystals), and the scanner as
/// SCANNER.hscan and SCANNER.lut beside them (a crystal is a row of position and direction, in our
/// order of crystals, at the depth of interaction). Truth flags and energies have no place there;
/// delayed events are left out. No correction is written: all factors are CASToR's defaults.
/// @return events written. @throws Error(bad_input) for damaged input, Error(io_failed).
std::uint64_t write_castor(ListModeReader& in, const std::filesystem::path& stem);

}  // namespace sojourn::io
