#pragma once
#include <cstdint>
#include <filesystem>

#include "sojourn/core/progress.h"
#include "sojourn/records/study_result.h"

namespace sojourn::study {

struct TrackOptions {
  bool fresh = false;      ///< forget finished stages
  std::uint64_t seed = 1;  ///< of the propagation of uncertainties
};

/// The main road: study file -> ingest -> regions -> measure -> fate. Writes activity.tsv,
/// cells.tsv, study.json and maps/ into `out`; finished stages of an earlier run are reused where
/// nothing that they depend on changed.
[[nodiscard]] records::StudyResult track(const std::filesystem::path& study_file,
                                         const std::filesystem::path& out,
                                         const TrackOptions& options,
                                         const core::Progress& progress);

}  // namespace sojourn::study
