#pragma once
#include <filesystem>

#include "sojourn/recon/interfile_source.h"

namespace sojourn::recon {

/// CASToR data files (.cdh header with its .cdf): PET list mode or histogram, with a scanner as
/// look-up table (.hscan and .lut) or cylindrical geometry (.geom) in the same folder or its
/// "scanner" folder. Fields of an event are read in CASToR's order; correction factors it holds are
/// used: attenuation, randoms and scatter rates, normalisation.
/// @throws Error(bad_input) with file and key or event.
/// @source Merlin et al., Phys Med Biol 2018;63:185005, doi:10.1088/1361-6560/aadac1; CASToR general
/// documentation, data file format version 2.
[[nodiscard]] Acquisition read_castor(const std::filesystem::path& header,
                                      const ReadChoices& choices);

}  // namespace sojourn::recon
