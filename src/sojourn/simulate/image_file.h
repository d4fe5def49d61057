#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "sojourn/core/tree.h"
#include "sojourn/image/volume.h"

namespace sojourn::simulate {

/// What a simulated image is, for its sidecar.
struct ImageNote {
  std::string modality;                ///< "PT", "NM", "MR", "MPI", "OPT"
  std::string unit;                    ///< "Bq/mL", "19F atoms/mL", "g/mL", "1", "1/s/mm2"
  std::string scanner;                 ///< catalogue id
  std::string method;                  ///< catalogue id
  double time_zero_utc_s = 0;          ///< the infusion or injection
  double start_s = 0, duration_s = 0;  ///< of the frame, after time zero
  std::uint64_t seed = 0;
  // Nuclear images only:
  std::string nuclide;
  std::optional<double> half_life_s, injected_bq;
  core::Tree parameters = core::Tree::table();  ///< of the model, as the sidecar shows them
};

/// Writes "x.nii.gz" and "x.json" beside it. Nuclear images have the fields of BIDS PET that
/// `track` reads (values are not decay-corrected: the mean over the frame); the others name unit
/// and model in the same file.
/// @throws Error(bad_input) where `file` does not end in .nii.gz.
void write_image(const std::filesystem::path& file, const image::Volume<float>& volume,
                 const ImageNote& note);

}  // namespace sojourn::simulate
