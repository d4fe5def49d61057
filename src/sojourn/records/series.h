#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/image/volume.h"

/// An image as its file holds it: values after the file's own slope and intercept, and what the
/// header says, undecided. Which clock is the decay reference and what the values mean is settled
/// in `measure`.
namespace sojourn::records {

enum class PixelUnit {
  bq_per_ml,
  suv_bw,            ///< g/mL, body weight
  suv_lbm_james128,  ///< lean body mass, James, 128 for men
  suv_lbm_janma,     ///< lean body mass, Janmahasatian
  suv_ibw,           ///< ideal body weight
  suv_bsa,           ///< cm2/mL, body surface
  counts,
  counts_per_second,
  proportional,  ///< PROPCNTS, PROPCPS, 1CM…: no way to activity
  hounsfield,
  unknown
};

enum class DecayCorrection { none, scan_start, administration, stated_time, unknown };

/// When one slice (or the whole frame) was acquired. Clock readings are seconds since 1970 on the
/// scanner's clock.
struct SliceTiming {
  std::optional<double> start_local_s;
  std::optional<double> duration_s;
  std::optional<double> frame_reference_s;  ///< (0054,1300), seconds
  std::optional<double> decay_factor;       ///< (0054,1321)
};

struct SeriesFrame {
  image::Volume<float> values;
  std::vector<SliceTiming> slices;  ///< one for each slice, or a single one for all
};

/// What a header says, before anybody believes it.
struct HeaderFacts {
  std::string format;    ///< "DICOM PET", "DICOM enhanced PET", "NIfTI", "ECAT7"…
  std::string modality;  ///< PT | NM | CT | MR; empty where unknown
  PixelUnit unit = PixelUnit::unknown;
  std::string unit_text;  ///< as written
  DecayCorrection decay_correction = DecayCorrection::unknown;
  std::optional<double> decay_reference_local_s;    ///< stated outright (BIDS, ECAT)
  std::optional<double> series_local_s;             ///< Series Date and Time
  std::optional<double> series_date_local_s;        ///< midnight of Series Date
  std::optional<double> private_reference_local_s;  ///< GE (0009,100D) or Siemens (0071,1022)
  std::string private_reference_name;
  std::optional<int> zone_min;              ///< (0008,0201)
  std::optional<double> injection_local_s;  ///< with its date
  std::optional<double>
      injection_time_only_s;  ///< seconds since midnight, where the date is missing
  /// Times relative to an undated time zero (BIDS TimeZero without a date), for readers whose files
  /// carry no date; empty wherever the dated fields above could be filled.
  std::optional<double> time_zero_of_day_s;  ///< clock time of time zero, seconds since midnight
  std::optional<double> scan_start_relative_s, injection_relative_s, decay_reference_relative_s;
  std::vector<double> frame_starts_relative_s;  ///< one for each frame
  std::optional<double> injected_activity_bq;   ///< as dispensed, by the unit of the SOP class
  std::optional<double> half_life_s;
  std::optional<double> positron_fraction;
  std::string nuclide;       ///< canonical, or empty
  std::string nuclide_text;  ///< as written
  std::string tracer_text;   ///< Radiopharmaceutical / TracerName
  std::optional<double> body_mass_g, height_m;
  std::optional<std::string> sex;
  std::optional<double> philips_suv_factor;       ///< (7053,1000): stored value -> SUV
  std::optional<double> philips_activity_factor;  ///< (7053,1009): stored value -> Bq/mL
  std::optional<double>
      calibration_factor;                ///< dose calibration factor (0054,1322), Concorde, ECAT
  std::optional<double> total_counts;    ///< prompts of the acquisition, where stated
  std::vector<std::string> corrections;  ///< (0028,0051): ATTN, DECY…
  std::vector<std::string> image_type;
  std::string manufacturer, model;  ///< of the scanner
  std::string frame_of_reference;   ///< UID, for pairing only: never printed
};

struct ImageSeries {
  HeaderFacts facts;
  std::vector<SeriesFrame> frames;
  std::string pixel_sha256;           ///< of the stored pixel values alone
  std::vector<std::string> warnings;  ///< free of identity
};

/// Regions read from a file, on grids of their own.
struct RegionSet {
  std::string format;  ///< "NIfTI label map", "DICOM SEG", "RTSTRUCT"
  std::vector<image::RegionMask> regions;
  std::string frame_of_reference;
  std::string pixel_sha256;
  std::vector<std::string> warnings;
};

}  // namespace sojourn::records
