#pragma once
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/records/results.h"
#include "sojourn/records/scan.h"

namespace sojourn::measure {

/// Regions that serve for noise and detection limit.
struct Background {
  std::vector<image::RegionMask>
      named;  ///< from the scan's `background`; empty: body outside regions
  const image::RegionMask* body = nullptr;
};

/// One row for each frame and region, in that order, without partial-volume correction: volume,
/// activity, %ID, SUV mean, max and peak (1 mL sphere), noise and detection limit. An empty region
/// gives a row of zeros with its limit. Roles are left empty.
[[nodiscard]] std::vector<records::Measurement> measure_regions(
    const records::Scan& scan, const std::vector<image::RegionMask>& regions,
    const Background& background, std::vector<std::string>* warnings = nullptr);

/// SUV for one Bq/mL at the frame's mid-time; nothing where weight or injected activity is unknown.
[[nodiscard]] std::optional<double> suv_per_bq_per_ml(const records::Scan& scan,
                                                      const records::ScanFrame& frame);

}  // namespace sojourn::measure
