#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/core/progress.h"

namespace sojourn::trial {

struct VirtualStudyOptions {
  std::uint64_t seed = 1;
  bool empty_tumours = false;  ///< what tumours held is taken out of the truth
  bool noise_free = false;     ///< mean images and exact assays; the truth is drawn as ever
};

struct VirtualStudyResult {
  std::filesystem::path study;  ///< the written study file
  std::vector<std::string> warnings;
};

/// Writes what the study's scans would show of one possible truth: study.toml, pet/ (DICOM; SPECT:
/// nm/, NIfTI), ct/ (DICOM), regions/ (label maps), assays/ and truth.tsv. An earlier virtual study
/// there is replaced. docs/theory/virtual_study.md.
/// @throws Error(bad_input) where the study cannot be simulated or `folder` holds anything else.
[[nodiscard]] VirtualStudyResult write_virtual_study(const std::filesystem::path& study_file,
                                                     const std::filesystem::path& folder,
                                                     const VirtualStudyOptions& options,
                                                     const core::Progress& progress);

}  // namespace sojourn::trial
