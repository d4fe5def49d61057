#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"

/// A scan whose values are settled: Bq/mL at a known time after a known administration.
namespace sojourn::records {

/// The decay reference of the stored values: what was chosen, by which rule, and the two
/// independent estimates.
struct ReferenceTime {
  std::optional<double> utc_s;            ///< none: the values are not decay-corrected
  std::string rule;                       ///< "GE private (0009,100D)", "series date and time"…
  std::optional<double> by_series_utc_s;  ///< estimate (c) of the rules: the series' clock
  std::optional<double> by_slices_utc_s;  ///< estimate (d): back-computed from the slices
  std::vector<std::string> warnings;
};

struct ScanFrame {
  image::Volume<float> concentration_bq_per_ml;  ///< activity concentration at mid_utc_s
  double start_utc_s = 0;
  double duration_s = 0;         ///< first start to last end
  double mid_utc_s = 0;          ///< the moment that `hours` and `activity_bq` speak of
  double to_administration = 1;  ///< factor from mid_utc_s to the administration
};

struct Scan {
  int number = 0;  ///< 1, 2, … in the order of the study file
  std::string image_as_written;
  std::string tracer;  ///< administration id; "label" for the cells' label
  std::string method;  ///< catalogue id; may be empty
  std::string nuclide;
  double half_life_s = 0;
  double origin_utc_s = 0;  ///< hours count from here: infusion of cells, else administered
  double administered_utc_s = 0;
  std::optional<double> injected_bq;  ///< net of residual and extravasation, at administered_utc_s
  std::optional<double> body_mass_g;
  std::optional<image::Vec3> psf_fwhm_mm;
  double calibration_relative_sd = 0.05;
  bool whole_body = false;
  ReferenceTime reference;
  std::vector<ScanFrame> frames;
  std::optional<double> total_counts;
  std::string scanner_text;  ///< manufacturer and model
  std::string format;
  std::string pixel_sha256;
  std::vector<std::string> warnings;
};

}  // namespace sojourn::records
