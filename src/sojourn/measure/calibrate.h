#pragma once
#include <optional>
#include <string>

#include "sojourn/records/scan.h"
#include "sojourn/records/series.h"
#include "sojourn/records/study.h"

namespace sojourn::measure {

/// What a nuclide's table row and a method's catalogue row contribute; filled by the caller.
struct KnownNuclide {
  std::string name;
  double half_life_s = 0;
};

/// The decay reference of a decay-corrected series by the order of rules: administration; stated
/// time; private reference (unless more than a day from Series Date); series time if not after the
/// earliest acquisition; back-computed from the slices. Estimates (c) and (d) are both kept.
[[nodiscard]] records::ReferenceTime decay_reference(const records::ImageSeries& series,
                                                     int zone_min, double clock_offset_s,
                                                     double half_life_s,
                                                     std::optional<double> administered_utc_s);

/// Settles a series against the study: nuclide and half-life, injected activity and time, body
/// mass, units and decay reference (contradictions are errors that show both values unless an
/// override settles them), and brings every voxel to Bq/mL at its frame's mid-time. Clock readings
/// become UTC here (header's zone, else the study's; the scan's clock_offset added), and times that
/// the file lacks are taken from the scan block. Warnings about the decay reference stay in
/// `reference.warnings`, all others are in `warnings`, without the scan's number.
/// @param request        the scan block; @param scan_number 1-based, for messages.
/// @param tabled         looks a nuclide name up in the tables; none where it is not in them.
/// @param method_nuclide nuclide of the administration's catalogue method; empty where unknown.
/// @throws Error(bad_input) naming scan, field and remedy.
[[nodiscard]] records::Scan calibrate(
    records::ImageSeries&& series, const records::Study& study, const records::ScanRequest& request,
    int scan_number, std::optional<KnownNuclide> (*tabled)(const std::string& name),
    const std::string& method_nuclide);

/// Syringe minus residual minus extravasated, each brought to the administration. Nothing where no
/// activity is known.
[[nodiscard]] std::optional<double> injected_activity_bq(const records::Administration& given,
                                                         double administered_utc_s,
                                                         double half_life_s);

}  // namespace sojourn::measure
