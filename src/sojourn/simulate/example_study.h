#pragma once
#include <cstdint>
#include <filesystem>

#include "sojourn/core/progress.h"

namespace sojourn::simulate {

struct ExampleOptions {
  std::uint64_t seed = 1;
  bool noise_free = false;
};

/// Writes the bundled example into `folder`: study.toml, pet/ ct/ (DICOM), regions (NIfTI label map
/// and DICOM SEG), assays/ and truth.tsv (activity and living cells for each organ and time).
/// @return the study file.
std::filesystem::path write_example(const std::filesystem::path& folder,
                                    const ExampleOptions& options, const core::Progress& progress);

}  // namespace sojourn::simulate
