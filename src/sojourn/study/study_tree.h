#pragma once
#include "sojourn/core/tree.h"
#include "sojourn/records/study.h"

namespace sojourn::study {

/// The study as it was understood, for provenance: native units, times in UTC, paths as written.
[[nodiscard]] core::Tree to_tree(const records::Study& study);

/// What the result of one scan depends on besides its files: the scan's block, who was given what,
/// the regions and the overrides, but not the rates and assays that only the counting of cells
/// reads.
[[nodiscard]] core::Tree scan_parameters(const records::Study& study,
                                         const records::ScanRequest& scan);

}  // namespace sojourn::study
