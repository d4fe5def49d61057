#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/fate/kinetics_compartments.h"
#include "sojourn/fate/kinetics_graphical.h"
#include "sojourn/fate/kinetics_tables.h"

/// Any model of the room on any region, with one form of answer.
namespace sojourn::fate::kinetics {

/// "1t", "2t", "2t-irreversible", "logan", "patlak", "srtm", "srtm-basis", "mrtm", "mrtm2",
/// "reference-logan", "reference-patlak".
[[nodiscard]] const std::vector<std::string>& model_names();
/// Whether it is fed by a reference region instead of blood.
[[nodiscard]] bool needs_reference(const std::string& model);

/// What all regions share.
struct ModelSetting {
  std::optional<Input> input;                ///< of models fed by blood
  std::vector<double> reference;             ///< frame means of the reference region
  std::optional<double> half_life_s;         ///< weights by counts where there is no sd
  std::optional<double> start_s;             ///< t* of plots and of MRTM
  std::optional<double> blood_fraction;      ///< fixed
  std::optional<double> most_delay_s;        ///< fit the delay within ± this
  std::optional<double> k2_reference_per_s;  ///< k2' of MRTM2 and reference Logan
};

/// A number with its unit; rates as papers print them, per minute.
struct Parameter {
  std::string name, unit;
  Estimate estimate;
};

struct ModelResult {
  std::string region, model;
  std::vector<Parameter> parameters;
  std::optional<double> aicc;  ///< of fits to the curve; plots have none
  double weighted_squares = 0;
  double start_s = 0, end_s = 0;  ///< of the frames that were fitted
  std::size_t n_frames = 0;       ///< fitted
  bool converged = false;
  std::vector<std::string> warnings;
  std::vector<FrameTime> frames;
  std::vector<double> measured, fitted;  ///< of fits: shape [n_frames of the region]
  std::vector<double> x, y;              ///< of plots: the points; `fitted` is the line at x
};

/// @throws Error(bad_input) for an unknown model, or where what it needs is not given.
[[nodiscard]] ModelResult run_model(const std::string& model, const RegionCurve& region,
                                    const ModelSetting& setting);

}  // namespace sojourn::fate::kinetics
