#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/tree.h"
#include "sojourn/records/results.h"
#include "sojourn/records/scan.h"

namespace sojourn::study {

/// What the stages of one scan (ingest, regions, measure) leave behind for the later ones. Stored
/// as JSON beside its maps, so that an unchanged scan need not be read again.
struct ScanProduct {
  int number = 0;
  std::string image_as_written, tracer, method, nuclide, format, scanner_text;
  double half_life_s = 0;
  double origin_utc_s = 0, administered_utc_s = 0;
  std::optional<double> injected_bq, body_mass_g;
  std::optional<image::Vec3> psf_fwhm_mm;
  bool whole_body = false;
  records::ReferenceTime reference;
  std::string pixel_sha256, regions_format, regions_sha256;
  std::vector<double> frame_mid_utc_s, frame_to_administration;
  std::vector<std::string> region_names;  ///< value i + 1 of the region map
  std::vector<records::Measurement> measurements;
  std::vector<std::string> warnings;
};

[[nodiscard]] core::Tree to_tree(const ScanProduct& product);
/// Nothing where the tree is not of this version: the scan is then done again.
[[nodiscard]] std::optional<ScanProduct> product_from(const core::Tree& tree);

/// File names of a scan's maps, relative to the output folder.
[[nodiscard]] std::string activity_map(int scan);
[[nodiscard]] std::string region_map(int scan);
[[nodiscard]] std::string cell_map(int scan);
[[nodiscard]] std::string cell_sd_map(int scan);

}  // namespace sojourn::study
