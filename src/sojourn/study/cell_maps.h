#pragma once
#include <vector>

#include "sojourn/records/results.h"
#include "sojourn/study/output_folder.h"
#include "sojourn/study/scan_product.h"

namespace sojourn::study {

/// Writes living cells per mL for one scan of the label, and their standard deviation: in each
/// region, the activity concentration scaled so that the region holds its estimated cells, with the
/// spread that its interval and its counting noise give a voxel; zero where no compartment is
/// known.
void write_cell_map(const ScanProduct& scan, const std::vector<records::CellEstimate>& cells,
                    const OutputFolder& out);

}  // namespace sojourn::study
