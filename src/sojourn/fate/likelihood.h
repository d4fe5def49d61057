#pragma once
#include "sojourn/core/random.h"
#include "sojourn/fate/parameter_space.h"

namespace sojourn::fate {

/// What a world says of one observation: parts of the signal, and the cells behind it.
struct Prediction {
  double live = 0, debris = 0, free = 0, background = 0;
  double cells = 0;
  double expansion = 1;  ///< living cells of the body over those that would live without division
  bool whole = false;

  [[nodiscard]] double total() const { return live + debris + free + background; }
};

/// Predictions and their agreement with the observations.
class Likelihood {
 public:
  explicit Likelihood(const InferenceProblem& problem);

  [[nodiscard]] const ParameterSpace& space() const { return space_; }
  [[nodiscard]] std::vector<Prediction> predict(const InferredWorld& world) const;
  /// Bone's free label and marrow's cells at the last time, over the infused.
  [[nodiscard]] std::pair<double, double> bone_and_marrow(const InferredWorld& world) const;

  /// ln p(observations | z) + ln p(z), up to a constant; -infinity where it cannot be calculated.
  [[nodiscard]] double log_posterior(std::span<const double> z) const;
  /// Whitened residuals of the observations, then z: their squares halved are Gauss-Newton's cost.
  [[nodiscard]] std::vector<double> residuals(std::span<const double> z) const;
  /// r' C^-1 r of the observations.
  [[nodiscard]] double misfit(const std::vector<Prediction>& predictions) const;

  /// Departures of a world from its predictions that explain the observations, drawn from their
  /// conditional distribution: cells and live label of every observation.
  struct Explained {
    std::vector<double> cells, live, total;
  };
  [[nodiscard]] Explained explain(const std::vector<Prediction>& predictions,
                                  core::Random& random) const;
  /// Observations and truth drawn from a world: for calibration.
  struct Simulated {
    std::vector<double> values, cells;
  };
  [[nodiscard]] Simulated simulate(const std::vector<Prediction>& predictions,
                                   core::Random& random) const;

 private:
  struct Parts;  // draws of what is added to the predictions
  [[nodiscard]] std::vector<double> covariance(const std::vector<Prediction>& predictions) const;
  [[nodiscard]] Parts draw_parts(const std::vector<Prediction>& predictions,
                                 core::Random& random) const;

  const InferenceProblem* problem_;
  ParameterSpace space_;
  std::vector<double> times_s_;         ///< distinct, ascending
  std::vector<std::size_t> time_of_;    ///< per observation
  std::vector<std::size_t> region_of_;  ///< per observation
};

}  // namespace sojourn::fate
