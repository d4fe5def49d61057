#pragma once
#include <string>
#include <vector>

#include "sojourn/records/results.h"

namespace sojourn::study {

/// activity.tsv: a row per scan, frame and region.
[[nodiscard]] std::string activity_table(const std::vector<records::Measurement>& rows);

/// partial_volume.tsv: activity before and after the correction, for the rows that were corrected.
[[nodiscard]] std::string partial_volume_table(const std::vector<records::Measurement>& rows);

/// cells.tsv: a row per time and region.
[[nodiscard]] std::string cell_table(const std::vector<records::CellEstimate>& rows);

}  // namespace sojourn::study
