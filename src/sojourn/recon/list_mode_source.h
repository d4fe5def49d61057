#pragma once
#include <filesystem>

#include "sojourn/recon/interfile_source.h"

namespace sojourn::recon {

/// Sojourn's own list mode (docs/theory/list_mode.md). Flags of the truth are not looked at, but
/// for the delayed window, which counts randoms. The normalisation of a pair of crystals is that of
/// its faces alone, A^2 cos a cos b / (2 pi L^2): pairs of photons per (decay / mm^2 of line
/// integral) that cross both; what part of them the crystals stop is left to the calibration.
/// @throws Error(bad_input) as io::ListModeReader; a file without prompts.
[[nodiscard]] Acquisition read_sojourn_list(const std::filesystem::path& file,
                                            const ReadChoices& choices);

}  // namespace sojourn::recon
