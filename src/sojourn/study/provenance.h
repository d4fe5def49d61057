#pragma once
#include "sojourn/fate/cell_counter.h"
#include "sojourn/records/study_result.h"
#include "sojourn/study/scan_product.h"

namespace sojourn::study {

/// study.json, schema "sojourn/study/1" (docs/schema/study.schema.json): what went in, what was
/// decided, what was warned of. @param outputs file name -> SHA-256 of what was written.
[[nodiscard]] core::Tree provenance(
    const records::StudyResult& result, const std::vector<ScanProduct>& scans,
    const fate::CountResult* cells, std::uint64_t seed,
    const std::vector<std::pair<std::string, std::string>>& outputs);

}  // namespace sojourn::study
