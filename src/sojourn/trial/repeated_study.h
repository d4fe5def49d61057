#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/progress.h"

/// One study many times over: a truth, its images, and what `track` makes of them.
namespace sojourn::trial {

struct TrialPlan {
  std::filesystem::path study;
  std::size_t studies = 10;
  std::uint64_t seed = 1;
  bool empty_tumours = false;  ///< as many studies again whose tumours are empty, for detection
};

/// Reads `study` (beside the file), `studies`, `seed`, `empty_tumours`.
/// @throws Error(bad_input) naming file, line and field; over 1000 studies.
[[nodiscard]] TrialPlan read_trial(const std::filesystem::path& file);

/// One interval beside its truth.
struct TrialRow {
  std::uint64_t seed = 0;
  bool empty = false;
  int scan = 0;
  std::string region;
  double truth = 0, cells = 0, lo95 = 0, hi95 = 0;
};

/// Over the studies, for one scan and region. Truths under one cell count in `coverage` alone.
struct TrialSummary {
  int scan = 0;
  std::string region;
  std::size_t studies = 0;
  double coverage_95 = 0;
  std::optional<double> median_ln_ratio;  ///< of estimate over truth: bias
  std::optional<double> spread_ln_ratio;  ///< standard deviation
  std::optional<double> detection_auc;    ///< tumours: filled against empty, by estimated cells
};

struct TrialResult {
  std::vector<TrialRow> rows;
  std::vector<TrialSummary> regions;
};

/// Chance that a value of `with` exceeds one of `without`, ties half: the area under the ROC.
[[nodiscard]] double area_under_roc(const std::vector<double>& with,
                                    const std::vector<double>& without);

/// Runs in a folder of its own inside `out`, which is removed; writes trial.tsv there.
[[nodiscard]] TrialResult repeat_study(const TrialPlan& plan, const std::filesystem::path& out,
                                       const core::Progress& progress);

}  // namespace sojourn::trial
