#pragma once
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"

/// The study as its file says it, checked and in native units: seconds of UTC since 1970, Bq, g,
/// mm, s.
namespace sojourn::records {

/// A value with its relative standard deviation (0.2 = 20 %), taken as log-normal when it is
/// propagated.
struct Uncertain {
  double value = 0;
  double relative_sd = 0;
};

struct Subject {
  std::string id;       ///< the only identity that reaches outputs
  std::string species;  ///< mouse | rat | macaque | human
  std::optional<double> body_mass_g;
  std::optional<double> height_m;  ///< only for SUV by lean mass or surface in a header
  std::optional<std::string> sex;  ///< "M" | "F", likewise
};

/// Cells given once.
struct Infusion {
  std::string cells;     ///< catalogue id
  double count = 0;      ///< all cells dispensed
  double viability = 1;  ///< living fraction
  std::optional<double> viability_at_utc_s;
  double infused_at_utc_s = 0;
  double duration_s = 0;
  std::string route = "iv";  ///< iv | ip | intratumoral | intranodal | intracranial
  double extravasated_bq = 0;
};

/// An activity that was given: the ex vivo label in the infused cells (id "label") or a tracer.
struct Administration {
  std::string id;                     ///< "label" or the tracer's id
  std::string method;                 ///< catalogue id; empty where the study has no table for it
  std::optional<double> activity_bq;  ///< in the syringe, at measured_at
  std::optional<double> measured_at_utc_s;
  double residual_bq = 0;  ///< left in the syringe, at residual_measured_at
  std::optional<double> residual_measured_at_utc_s;
  double extravasated_bq = 0;            ///< at the administration
  std::optional<double> given_at_utc_s;  ///< infusion of the cells or injection of the tracer
  double duration_s = 0;
  std::optional<double> mass_g;
  std::optional<double> cell_bound_fraction;  ///< labels only
};

struct Treatment {
  std::string kind;  ///< "deferoxamine"…
  std::optional<double> start_utc_s, stop_utc_s;
};

/// A name for a label value or contour, and the compartments of the model that the region shows.
struct RegionName {
  std::optional<int> value;  ///< label value; none for regions matched by name
  std::string name;
  std::vector<std::string> roles;  ///< "bone", "marrow"…; empty: activity alone
  double fraction = 1;             ///< part of the compartment inside the region
};

/// A region that the study makes from the image or its anatomy.
struct SegmentRule {
  std::string name;
  std::string method;  ///< threshold | relative | box | sphere | body | lung | bone
  std::optional<double> above_bq_per_ml;              ///< threshold, fixed
  std::optional<double> above_suv;                    ///< threshold, fixed
  std::optional<double> fraction_of_max;              ///< relative: of the maximum inside `within`
  std::optional<image::Vec3> box_min_mm, box_max_mm;  ///< LPS
  std::optional<image::Vec3> center_mm;
  std::optional<double> radius_mm;
  std::string within;    ///< another segment rule or region that bounds this one; may be empty
  bool largest = false;  ///< keep the largest connected part only
  std::vector<std::string> roles;
  double fraction = 1;
  int line = 0;  ///< in the study file, for messages
};

/// One [[scan]] block. What the file of the image also holds may be left out.
struct ScanRequest {
  std::filesystem::path image;   ///< absolute or relative to the study file, as resolved
  std::string image_as_written;  ///< as the study file has it: what outputs may show
  std::string tracer;            ///< administration id; empty: the only one
  std::optional<std::filesystem::path> anatomy, regions;
  std::string anatomy_as_written, regions_as_written;
  std::string series;  ///< chooses among several series of a folder: UID, number or description
  std::optional<double> time_utc_s;      ///< start of the scan
  std::vector<double> frame_duration_s;  ///< one, or one for each frame
  std::optional<std::string> units;      ///< "Bq/mL", "kBq/mL", "counts", "cps", "SUV"
  std::optional<std::string>
      decay_corrected_to;             ///< "none" | "scan-start" | "administration" | an ISO time
  std::optional<double> calibration;  ///< Bq/mL for each unit of the stored value
  std::optional<double> calibration_relative_sd;
  double clock_offset_s = 0;  ///< added to the scanner's clock
  std::string scanner;        ///< catalogue id
  std::optional<image::Vec3> psf_fwhm_mm;
  std::optional<std::filesystem::path> recovery;      ///< TSV: region recovery [recovery_sd]
  std::optional<std::array<image::Vec3, 2>> crop_mm;  ///< corners in LPS mm: one animal of several
  bool whole_body = false;                            ///< the whole subject is in the field of view
  std::vector<std::string>
      background;  ///< regions for the detection limit; empty: body outside regions
  int line = 0;
};

/// What settles a contradiction between the study file and a header.
struct Override {
  std::string field;  ///< injected_activity | body_mass | injection_time | half_life | scan_time |
                      ///< units | decay_correction
  std::string reason;
};

/// Rates of the label-fate model that the study states; the catalogue speaks where they are empty.
/// Per second.
struct RateChoice {
  std::optional<Uncertain> division, death, efflux, debris_release;
  std::optional<Uncertain> phagocytosed_fraction;  ///< phi
  std::optional<Uncertain> bone_fraction;          ///< part of the free label that bone takes
};

struct Study {
  std::filesystem::path file;    ///< the study file
  std::filesystem::path folder;  ///< paths are relative to it
  int zone_min = 0;              ///< zone of clocks that state none
  Subject subject;
  std::vector<Infusion> infusions;
  std::vector<Administration> administrations;  ///< the label first, then the tracers
  std::vector<Treatment> treatments;
  std::vector<ScanRequest> scans;
  std::vector<RegionName> regions;
  std::vector<SegmentRule> segments;
  std::map<std::string, std::filesystem::path> assays;  ///< retention | growth | biodistribution
  std::vector<Override> overrides;
  RateChoice rates;
  std::vector<std::string> warnings;  ///< of the reading: defaults taken, odd values
};

}  // namespace sojourn::records
