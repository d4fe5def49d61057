#pragma once
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/records/results.h"
#include "sojourn/records/scan.h"
#include "sojourn/records/study.h"

namespace sojourn::study {

/// Corrects the rows of one scan for partial volume: by geometric transfer matrix where the scan
/// has a PSF, by the measured coefficients of its recovery table (TSV: region, recovery,
/// recovery_sd) where it has one. Rows of other regions (the whole image) stay as they are.
/// Everything that follows from the activity follows.
void correct_recovery(const records::ScanRequest& request, const records::Scan& scan,
                      const std::vector<image::RegionMask>& regions, const image::RegionMask* body,
                      std::vector<records::Measurement>& rows, std::vector<std::string>& warnings);

}  // namespace sojourn::study
