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

/// What a measurement shows.
enum class Signal {
  label,   ///< the ex vivo label, without physical decay since the infusion of the cells
  tracer,  ///< a tracer's total, decay-corrected to its administration
  cells    ///< living cells themselves, counted ex vivo
};

/// One measured total of a region.
struct Observation {
  Signal signal = Signal::label;
  std::size_t tracer = 0;  ///< which of InferenceProblem::tracers
  int scan = 0;            ///< rows of one scan share its calibration
  std::string region;      ///< rows of one region share its recovery
  RegionKind kind;
  double t_s = 0;  ///< after the infusion of the cells
  double value = 0;
  double noise_sd = 0;
  double recovery_relative_sd = 0, calibration_relative_sd = 0.05;
};

/// How far reality departs from the model and the statements, as relative standard deviations.
/// Assumptions; docs/theory/inference.md says why these.
struct InferenceSpread {
  double live = 0.15, debris = 0.3, free = 0.3;  ///< of a region's parts, each row for itself
  double background = 0.15;                      ///< of a region's tissue without cells
  double label_per_cell = 0.1;  ///< cells of a region against the mean, each row for itself
  double traffic_ln_sd = 0.7;   ///< homing and residence around the tables' values
  double lung_logit_sd = 0.8;   ///< part of the cells that starts in the lungs
  double cells = 0.07, activity = 0.03;  ///< of the counts and activities stated
  double viability = 0.03, bound_fraction = 0.02;
};

/// What a tracer that is given before each scan shows: reporter genes and probes. Every living cell
/// holds the same when imaged, dead ones nothing.
struct TracerBelief {
  std::string id;
  LogNormal uptake_per_cell;                    ///< Bq, decay-corrected to the administration
  std::map<std::string, LogNormal> background;  ///< per region: Bq without cells that hold it
  /// Per region: cells that hold it as the infused ones do and were there before (a probe's target
  /// is borne by whoever bears it). They count as cells of the region.
  std::map<std::string, LogNormal> residents;
};

struct InferenceProblem {
  bool infused = true;  ///< else nothing of body, belief, doses and assays is used
  Body body;
  Belief belief;
  double cells = 0;     ///< infused, living and dead
  double injected = 1;  ///< label infused; 1 for methods without a label in the cells
  double viability = 1, bound_fraction = 1;
  std::vector<Dose> doses{Dose{}};
  std::optional<Chelation> chelation;
  std::vector<TracerBelief> tracers;
  std::vector<Observation> observations;
  /// Regions whose fraction of the compartment is a guess, and how wide: several regions that show
  /// one compartment together.
  std::map<std::string, double> fraction_ln_sd;
  /// In culture: label held by living cells, and living cells, over those at the start.
  std::vector<AssayPoint> retention, growth;
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
  std::vector<double> cells;           ///< living
  std::vector<double> live_fraction;   ///< of the signal, in living cells
  std::vector<double> label_per_cell;  ///< of a living cell
  std::vector<double> expansion;       ///< living cells over those that would live without division
  std::vector<double> live;            ///< signal of living cells
};

struct Posterior {
  bool converged = false;
  std::string message;
  std::vector<ParameterSummary> parameters;
  std::vector<RegionPosterior> regions;  ///< one for each observation, the same number of draws
  double predictive_p = 1;  ///< of a misfit as large by chance; under 0.05 the model does not fit
  double lowest_effective = 0, highest_r_hat = 1;
  /// Draws of free label in bone over the injected and of living cells in marrow over the infused,
  /// at the last observation: their joint posterior shows what a region of both cannot part.
  std::vector<double> bone_free, marrow_cells;
};

struct InferenceOptions {
  std::size_t chains = 4, warmup = 300, samples = 600;
  std::size_t attempts = 3;  ///< each of twice the draws of the one before, until one converges
  std::size_t draws = 2000;  ///< thinned from the samples
  double r_hat_limit = 1.01, least_effective = 400;  ///< what `converged` asks
  std::uint64_t seed = 1;
};

/// Maximum a posteriori from several starts, then sampling. A sampling that fails says so in
/// `converged`.
/// @throws Error(bad_input) for values that are not finite, negative noise, no observation.
[[nodiscard]] Posterior infer(const InferenceProblem& problem,
                              const InferenceOptions& options = {});

}  // namespace sojourn::fate
