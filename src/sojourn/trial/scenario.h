#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/fate/inference.h"

/// A kind of study whose truths are drawn from its priors: data/calibration/scenarios_2026.
namespace sojourn::trial {

struct Scenario {
  std::string id, title;
  std::vector<std::string> citations;
  /// Observations and assays at their times with their errors; values are still to be drawn.
  fate::InferenceProblem problem;
  double growth_relative_sd = 0, retention_relative_sd = 0;
};

/// @throws Error(bad_input) naming file, line and field.
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file);
/// Of the shipped ones by id, or a file's path. @throws Error(bad_input) with the nearest id.
[[nodiscard]] Scenario find_scenario(const std::string& id_or_file);
/// Every unknown with its prior's median and 95 % interval; the rest of each summary is empty.
[[nodiscard]] std::vector<fate::ParameterSummary> priors_of(const Scenario& scenario);
/// Ids, sorted.
[[nodiscard]] std::vector<std::string> scenario_ids();

}  // namespace sojourn::trial
