#pragma once
#include <optional>
#include <string>
#include <vector>

/// What the pipeline says: rows of activity.tsv and cells.tsv.
namespace sojourn::records {

/// Activity of one region in one frame.
struct Measurement {
  int scan = 0, frame = 0;   ///< 1, 2, …
  double hours = 0;          ///< frame's mid-time since the origin
  double frame_start_s = 0;  ///< since the start of the scan
  double frame_duration_s = 0;
  std::string tracer, region;
  std::vector<std::string> roles;  ///< compartments that the region shows
  double role_fraction = 1;        ///< part of the compartment inside the region
  double volume_ml = 0;            ///< of the region inside the field of view
  double activity_bq = 0;  ///< at `hours`; corrected for partial volume where `recovery` is given
  double activity_uncorrected_bq = 0;  ///< as the image has it
  double activity_dc_bq = 0;           ///< activity_bq decay-corrected to the administration
  std::optional<double> percent_id, percent_id_per_ml;
  std::optional<double> suv_mean, suv_max, suv_peak;  ///< of the image as it is (uncorrected)
  std::optional<double> recovery;                     ///< activity_uncorrected_bq / activity_bq
  double recovery_relative_sd = 0;
  double noise_bq = 0;  ///< standard deviation of activity_bq from counting noise
  std::optional<double> detection_limit_bq;
  double calibration_relative_sd = 0;

  /// Standard deviation of activity_bq from noise, calibration and recovery together.
  [[nodiscard]] double total_sd_bq() const;
};

/// Living cells in one region at one time: of the infused lineage, or, by a probe, all that bear
/// its target.
struct CellEstimate {
  int scan = 0;
  double hours = 0;
  std::string region;
  double cells = 0, cells_lo95 = 0, cells_hi95 = 0;  ///< posterior median and 95 % interval
  double cells_naive = 0;  ///< activity over activity per cell at infusion
  std::optional<double> detection_limit_cells;
  std::optional<double> probability_above_limit;  ///< none where there is no limit
  double live_label_fraction = 0;     ///< part of the region's label that sits in living cells
  double label_per_live_cell_bq = 0;  ///< at `hours`, with physical decay
  double expansion = 1;  ///< living cells over cells that the label alone would show: 2^generations
};

/// One parameter of the inference, before and after the measurements.
struct PosteriorParameter {
  std::string name;  ///< with its unit: "death_per_s"
  double prior_median = 0, prior_lo95 = 0, prior_hi95 = 0;
  double median = 0, lo95 = 0, hi95 = 0;
  bool as_prior = false;  ///< the measurements say nothing of it
};

/// What the sampling of a posterior says of itself, and what regions alone cannot show.
struct PosteriorSummary {
  bool converged = false;
  std::string message;
  double highest_r_hat = 1, lowest_effective = 0;
  double predictive_p = 1;  ///< under 0.05: the model does not fit the measurements
  std::vector<PosteriorParameter> parameters;
  /// Joint draws at the last scan: free label in bone over the infused label, living cells in
  /// marrow over the infused cells. Empty where nothing was infused with a label.
  std::vector<double> bone_free, marrow_cells;
};

}  // namespace sojourn::records
