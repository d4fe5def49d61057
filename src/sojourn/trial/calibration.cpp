#include "sojourn/trial/calibration.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <ctime>
#include <mutex>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/parallel.h"
#include "sojourn/numerics/rank_statistics.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/trial/drawn_study.h"

namespace sojourn::trial {
namespace {

/// Enough for intervals and ranks, at a second of one core; a study's own report asks for more.
fate::InferenceOptions quick(std::uint64_t seed) {
  fate::InferenceOptions options;
  options.warmup = 160, options.samples = 320, options.draws = 1000;
  options.r_hat_limit = 1.03, options.least_effective = 150;
  options.seed = seed;
  return options;
}

CalibrationRow row_of(const DrawnStudy& study, std::size_t i, const std::vector<double>& draws,
                      core::Random& random) {
  CalibrationRow row;
  row.truth = study.cells[i];
  row.lo95 = numerics::quantile(draws, 0.025), row.hi95 = numerics::quantile(draws, 0.975);
  row.lo50 = numerics::quantile(draws, 0.25), row.hi50 = numerics::quantile(draws, 0.75);
  row.median = numerics::quantile(draws, 0.5);
  row.naive = naive_cells(study.problem, i);
  row.middle = middle_cells(study.problem, i);
  // evenly spaced draws are nearly independent; ties (no cells at all) are broken at random
  std::size_t ties = 0;
  for (std::size_t k = 0; k < kRankDraws; ++k) {
    const double draw = draws[k * draws.size() / kRankDraws];
    row.rank += draw < row.truth ? 1 : 0;
    ties += draw == row.truth ? 1 : 0;
  }
  row.rank += static_cast<std::size_t>(random.uniform() * static_cast<double>(ties + 1));
  return row;
}

CalibrationStudy one_study(const Scenario& scenario, Break broken, std::uint64_t seed) {
  // streams of a study: its draws, its inference, its ranks
  const DrawnStudy drawn = draw_study(scenario, broken, seed);
  CalibrationStudy study;
  const auto posterior = fate::infer(drawn.problem, quick(seed));
  study.converged = posterior.converged;
  study.predictive_p = posterior.predictive_p;
  constexpr double kMisfit = 0.05;
  study.misfit = posterior.predictive_p < kMisfit;
  core::Random random(seed, std::uint64_t{1} << 58);
  for (std::size_t i = 0; i < drawn.cells.size(); ++i)
    study.rows.push_back(row_of(drawn, i, posterior.regions[i].cells, random));
  study.chosen =
      static_cast<std::size_t>(random.uniform() * static_cast<double>(study.rows.size()));
  return study;
}

bool holds(const CalibrationRow& row, bool half) {
  return half ? row.truth >= row.lo50 && row.truth <= row.hi50
              : row.truth >= row.lo95 && row.truth <= row.hi95;
}

double log_error(double estimate, double truth) {
  return std::abs(std::log(std::max(1.0, estimate) / std::max(1.0, truth)));
}

void summarise(CalibrationResult& r) {
  const auto n = static_cast<double>(r.studies.size());
  std::size_t held = 0, half = 0, rows = 0, rows_held = 0, rows_half = 0, misfits = 0, safe = 0;
  std::vector<std::size_t> ranks;
  std::vector<double> own, middle, naive;
  for (const auto& study : r.studies) {
    const auto& chosen = study.rows[study.chosen];
    const bool inside = study.converged && holds(chosen, false);
    r.failed += study.converged ? 0 : 1;
    held += inside ? 1 : 0;
    half += study.converged && holds(chosen, true) ? 1 : 0;
    misfits += study.misfit ? 1 : 0;
    safe += inside || study.misfit ? 1 : 0;
    ranks.push_back(chosen.rank);
    for (const auto& row : study.rows) {
      ++rows;
      rows_held += study.converged && holds(row, false) ? 1 : 0;
      rows_half += study.converged && holds(row, true) ? 1 : 0;
      own.push_back(log_error(row.median, row.truth));
      middle.push_back(log_error(row.middle, row.truth));
      naive.push_back(log_error(row.naive, row.truth));
    }
  }
  const auto covered = numerics::coverage(held, r.studies.size(), 0.95);
  r.coverage_95 = covered.share, r.coverage_95_se = covered.standard_error;
  r.coverage_50 = static_cast<double>(half) / n;
  r.all_rows_95 = static_cast<double>(rows_held) / static_cast<double>(rows);
  r.all_rows_50 = static_cast<double>(rows_half) / static_cast<double>(rows);
  r.misfit_share = static_cast<double>(misfits) / n;
  r.held_or_flagged_95 = static_cast<double>(safe) / n;
  constexpr std::size_t kBins = 20, kPerBin = 8;  // bins of unequal ranks still expect 5
  const std::size_t bins = std::clamp<std::size_t>(r.studies.size() / kPerBin, 2, kBins);
  r.rank_p = numerics::rank_test(ranks, kRankDraws, bins).p_value;
  r.median_log_error = numerics::quantile(std::move(own), 0.5);
  r.middle_median_log_error = numerics::quantile(std::move(middle), 0.5);
  r.naive_median_log_error = numerics::quantile(std::move(naive), 0.5);
}

}  // namespace

const std::vector<std::string>& break_names() {
  static const std::vector<std::string> names{"none", "residence", "populations", "delay",
                                              "recovery"};
  return names;
}

Break break_of(const std::string& name) {
  const auto& names = break_names();
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    refuse("\"{}\" is no way to break the model{}", name, core::suggestion(name, names));
  return static_cast<Break>(at - names.begin());
}

CalibrationResult calibrate(const Scenario& scenario, const CalibrationOptions& options,
                            const core::Progress& progress) {
  constexpr std::size_t kFewest = 20;
  if (options.studies < kFewest)
    refuse("--studies {}: at least {} are needed to judge a coverage", options.studies, kFewest);
  CalibrationResult result;
  result.studies.resize(options.studies);
  const std::clock_t begin = std::clock();
  std::atomic<std::size_t> done = 0;
  std::mutex saying;
  core::parallel_for(options.studies, [&](std::size_t k) {
    // a stream of its own for every study of every seed
    result.studies[k] = one_study(scenario, options.broken, options.seed * 1'000'003 + k);
    const std::size_t n = ++done;
    const std::lock_guard lock(saying);
    progress(fmt::format("study {} of {}", n, options.studies),
             static_cast<double>(n) / static_cast<double>(options.studies));
  });
  result.seconds_per_study = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC /
                             static_cast<double>(options.studies);
  summarise(result);
  return result;
}

}  // namespace sojourn::trial
