#pragma once
#include <filesystem>

#include "sojourn/recon/interfile_source.h"

namespace sojourn::recon {

/// CASToR data files (.cdh header with its .cdf): PET list mode or histogram, with the scanner as a
/// look-up table (.hscan and .lut) in the same folder or its folder "scanner". Correction factors
/// that events hold are used: attenuation and normalisation (factors on the data), rates of scatter
/// (per ps in a list with time of flight) and of randoms (over the whole range of time of flight).
/// @throws Error(bad_input) with file and key or event.
/// @source Merlin et al., Phys Med Biol 2018;63:185005, doi:10.1088/1361-6560/aadac1; the fields
/// and their order as CASToR 3 reads them.
[[nodiscard]] Acquisition read_castor(const std::filesystem::path& header,
                                      const ReadChoices& choices);

}  // namespace sojourn::recon
