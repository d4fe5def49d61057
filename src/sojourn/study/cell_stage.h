#pragma once
#include <optional>

#include "sojourn/fate/cell_counter.h"
#include "sojourn/records/study_result.h"
#include "sojourn/study/output_folder.h"
#include "sojourn/study/scan_product.h"

namespace sojourn::study {

/// Counts cells where a label or a tracer shows them; an earlier result of the folder is used where
/// nothing that it depends on has changed.
[[nodiscard]] std::optional<fate::CountResult> run_cells(const records::StudyResult& result,
                                                         const std::vector<ScanProduct>& scans,
                                                         const OutputFolder& out, bool fresh,
                                                         std::uint64_t seed);

}  // namespace sojourn::study
