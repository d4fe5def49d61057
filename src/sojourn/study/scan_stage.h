#pragma once
#include "sojourn/records/scan.h"
#include "sojourn/records/study.h"
#include "sojourn/study/output_folder.h"
#include "sojourn/study/scan_product.h"

namespace sojourn::study {

/// Ingest, regions and measure of one scan: reads the image, settles its calibration, makes the
/// regions, measures them (corrected for partial volume where a PSF or a recovery table is given)
/// and writes the scan's maps. A product of an earlier run is reused where neither the files nor
/// the parameters changed.
/// @param number 1-based. @param reused says whether that happened.
/// @throws Error with the frame "scan 2 (pet/d1)".
[[nodiscard]] ScanProduct run_scan(const records::Study& study, int number, const OutputFolder& out,
                                   bool fresh, bool& reused);

/// The image of one scan, read and settled against the study; nothing is written.
/// @param number 1-based.
[[nodiscard]] records::Scan settled_scan(const records::Study& study, int number);

}  // namespace sojourn::study
