#pragma once
#include <cstdint>
#include <filesystem>

#include "sojourn/io/interfile.h"
#include "sojourn/projector/sinogram.h"
#include "sojourn/recon/acquisition.h"
#include "sojourn/recon/pinhole_source.h"

namespace sojourn::recon {

/// What a reader may choose.
struct ReadChoices {
  int subsets = 1;                          ///< views of a sinogram are dealt out among them
  std::size_t sensitivity_lines = 4000000;  ///< of a list: the lines that stand for all
  std::uint64_t seed = 1;                   ///< which lines those are
  std::optional<Pinhole> pinhole;           ///< of a SPECT camera
};

/// PET sinogram (4 dimensions, as STIR writes them), Siemens PETLINK list mode of 32-bit bin
/// addresses without time of flight or axial compression, or SPECT projections
/// of a pinhole camera.
/// @throws Error(bad_input) with file and key.
[[nodiscard]] Acquisition read_interfile(const std::filesystem::path& file,
                                         const ReadChoices& choices);

/// The bins of a PET sinogram header. @throws Error(bad_input) with file and key.
[[nodiscard]] projector::SinogramShape sinogram_shape(const io::InterfileHeader& header);

namespace detail {
[[nodiscard]] Acquisition read_interfile_sinogram(const io::InterfileHeader& header,
                                                  const ReadChoices& choices);
[[nodiscard]] Acquisition read_petlink_list(const io::InterfileHeader& header,
                                            const ReadChoices& choices);
}  // namespace detail

}  // namespace sojourn::recon
