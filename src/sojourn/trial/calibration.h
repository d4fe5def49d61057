#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/core/progress.h"
#include "sojourn/trial/scenario.h"

/// Do intervals hold what they promise: truths from the prior, measurements, inference, ranks.
namespace sojourn::trial {

/// What the truth has that the model does not know of.
enum class Break {
  none,
  residence,    ///< stays in sites are gamma-distributed with three stages, not exponential
  populations,  ///< a third of the label leaks five times as fast, the rest at 0.4 of the rate
  delay,        ///< dead cells release their label a day late
  recovery      ///< every region but the whole body reads 20 % low
};
[[nodiscard]] const std::vector<std::string>& break_names();
/// @throws Error(bad_input) with the nearest name.
[[nodiscard]] Break break_of(const std::string& name);

/// One study: a row per observation that can hold living cells.
struct CalibrationRow {
  double truth = 0, lo95 = 0, lo50 = 0, median = 0, hi50 = 0, hi95 = 0;
  double naive = 0, middle = 0;  ///< estimates of those who divide by the label of a cell
  std::size_t rank = 0;          ///< of the truth among `kRankDraws` thinned draws
};
struct CalibrationStudy {
  bool converged = false, misfit = false;
  double predictive_p = 1;
  std::vector<CalibrationRow> rows;
  std::size_t chosen = 0;  ///< the row that stands for the study in coverage and ranks
};
inline constexpr std::size_t kRankDraws = 99;

struct CalibrationOptions {
  std::size_t studies = 500;
  std::uint64_t seed = 1;
  Break broken = Break::none;
};

struct CalibrationResult {
  std::vector<CalibrationStudy> studies;
  std::size_t failed = 0;
  /// Of one row per study, drawn at random; a failed sampling counts as a miss.
  double coverage_95 = 0, coverage_95_se = 0, coverage_50 = 0;
  double all_rows_95 = 0, all_rows_50 = 0;
  double rank_p = 1;              ///< chi-square of 20 bins (fewer where studies are few)
  double misfit_share = 0;        ///< studies flagged with a posterior predictive p under 0.05
  double held_or_flagged_95 = 0;  ///< of the chosen rows
  /// Medians of |ln(estimate / truth)|, estimates and truths not under one cell, of all rows.
  double median_log_error = 0, middle_median_log_error = 0, naive_median_log_error = 0;
  double seconds_per_study = 0;  ///< of one core: the process's time
};

/// @throws Error(bad_input) for fewer than 20 studies.
[[nodiscard]] CalibrationResult calibrate(const Scenario& scenario,
                                          const CalibrationOptions& options,
                                          const core::Progress& progress);

}  // namespace sojourn::trial
