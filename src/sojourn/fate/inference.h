#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/fate/belief.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/fate/region_share.h"

/// From measurements of regions to a posterior of living cells. docs/theory/inference.md.
namespace sojourn::fate {

/// One measured total of a region, without physical decay: decay-corrected to the infusion of the
/// cells (labels) or to its tracer's injection.
struct Observation {
  int scan = 0;        ///< rows of one scan share its calibration
  std::string region;  ///< rows of one region share its recovery
  RegionKind kind;
  double t_s = 0;  ///< after the infusion of the cells
  double value = 0;
  double noise_sd = 0;
  double recovery_relative_sd = 0, calibration_relative_sd = 0.05;
};

/// How far reality departs from the model and the statements, as relative standard deviations.
struct InferenceSpread {
  double live = 0.15, debris = 0.3, free = 0.3;  ///< of a region's parts, each row for itself
  double background = 0.15;                      ///< of a region's tissue without cells
  double label_per_cell = 0.1;  ///< cells of a region against the mean, each row for itself
  double traffic_ln_sd = 0.7;   ///< homing and residence around the tables' values
  double lung_logit_sd = 0.8;   ///< part of the cells that starts in the lungs
  double cells = 0.07, activity = 0.03;  ///< of the counts and activities stated
  double viability = 0.03, bound_fraction = 0.02;
};

/// What a tracer that is given before each scan shows: reporter genes and probes.
struct TracerBelief {
  LogNormal uptake_per_cell;  ///< decay-corrected Bq of one living cell when imaged
  std::map<std::string, LogNormal> background;  ///< per region: Bq without infused cells
};

struct InferenceProblem {
  Body body;
  Belief belief;
  double cells = 0;     ///< infused, living and dead
  double injected = 1;  ///< label infused; 1 for methods without a label in the cells
  double viability = 1, bound_fraction = 1;
  std::vector<double> doses_s{0};  ///< moments of equal doses
  std::optional<Chelation> chelation;
  std::optional<TracerBelief> tracer;  ///< for methods that carry no label
  std::vector<Observation> observations;
  InferenceSpread spread;
};

/// One parameter before and after the measurements.
struct ParameterSummary {
  std::string name;  ///< with its unit: "death_per_s"
  double prior_median = 0, prior_lo95 = 0, prior_hi95 = 0;
  double median = 0, lo95 = 0, hi95 = 0;
  double r_hat = 1, effective = 0;
  bool as_prior = false;  ///< the measurements say nothing of it
};

/// Draws for one observation.
struct RegionPosterior {
  std::vector<double> cells, live_fraction, label_per_cell, expansion, live;
};

struct Posterior {
  bool converged = false;
  std::string message;
  std::vector<ParameterSummary> parameters;
  std::vector<RegionPosterior> regions;  ///< one for each observation, the same number of draws
  double predictive_p = 1;  ///< of a misfit as large by chance; under 0.05 the model does not fit
  double lowest_effective = 0, highest_r_hat = 1;
  /// Draws of free label in bone and of living cells in marrow at the last observation, over the
  /// infused: their joint posterior shows what a region of both cannot part.
  std::vector<double> bone_free, marrow_cells;
};

struct InferenceOptions {
  std::size_t chains = 4, warmup = 500, samples = 750;
  std::size_t draws = 2000;  ///< thinned from the samples
  std::uint64_t seed = 1;
};

/// Maximum a posteriori, then sampling. A sampling that fails says so in `converged`.
/// @throws Error(bad_input) for values that are not finite, negative noise, no observation.
[[nodiscard]] Posterior infer(const InferenceProblem& problem,
                              const InferenceOptions& options = {});

}  // namespace sojourn::fate
