#pragma once
#include "sojourn/core/random.h"
#include "sojourn/fate/parameter_space.h"

namespace sojourn::fate {

/// What a world says of one observation: parts of the signal, and the cells behind it.
struct Prediction {
  double live = 0, debris = 0, free = 0, background = 0;
  double cells = 0;
  double expansion = 1;  ///< living cells of the body over those that would live without division

  [[nodiscard]] double total() const { return live + debris + free + background; }
};

/// What is added to a prediction, row by row, where the model does not hold exactly.
struct Departures {
  std::vector<double> live, debris, free, background;
  std::vector<double> other;  ///< noise, recovery, calibration
  double activity = 0;        ///< relative error of the infused activity
};

/// Cells and signal of every observation in one world, departures included.
struct Truth {
  std::vector<double> cells, live, total;
};

/// Predictions and their agreement with the observations.
class Likelihood {
 public:
  explicit Likelihood(const InferenceProblem& problem);

  [[nodiscard]] const ParameterSpace& space() const { return space_; }
  [[nodiscard]] std::size_t rows() const { return places_.size(); }
  [[nodiscard]] std::vector<Prediction> predict(const InferredWorld& world) const;
  /// The same from moments at `times_s` that come from elsewhere (none where nothing was infused).
  [[nodiscard]] std::vector<Prediction> predict(const InferredWorld& world,
                                                const std::vector<SharedMoment>& moments) const;
  /// Distinct times of the observations, ascending.
  [[nodiscard]] const std::vector<double>& times_s() const { return times_s_; }
  /// What each dose brings in this world.
  [[nodiscard]] std::vector<SharedDose> doses(const InferredWorld& world) const;
  /// Bone's free label and marrow's cells at the last time, over the infused.
  [[nodiscard]] std::pair<double, double> bone_and_marrow(const InferredWorld& world) const;

  /// ln p(observations, assays | z) + ln p(z), up to a constant; -infinity where it cannot be
  /// calculated.
  [[nodiscard]] double log_posterior(std::span<const double> z) const;
  /// The same with its derivatives. @param gradient shape of z.
  [[nodiscard]] double log_posterior(std::span<const double> z, std::span<double> gradient) const;
  /// Whitened residuals of observations and assays, then z: their squares halved are Gauss-Newton's
  /// cost. Shape [residual_count()].
  void residuals(std::span<const double> z, std::span<double> r) const;
  [[nodiscard]] std::size_t residual_count() const;
  /// r' C^-1 r of the observations.
  [[nodiscard]] double misfit(const std::vector<Prediction>& predictions) const;

  /// Departures without looking at the observations.
  [[nodiscard]] Departures draw_departures(const std::vector<Prediction>& predictions,
                                           core::Random& random) const;
  /// Departures that, added to the predictions, make the observations: drawn from their conditional
  /// distribution (Matheron's rule).
  [[nodiscard]] Departures explain(const std::vector<Prediction>& predictions,
                                   core::Random& random) const;
  [[nodiscard]] Truth truth(const std::vector<Prediction>& predictions,
                            const Departures& departures, core::Random& random) const;
  /// What would be measured.
  [[nodiscard]] std::vector<double> measured(const std::vector<Prediction>& predictions,
                                             const Departures& departures) const;
  /// Growth and retention of the assays in this world, at the hours of the problem's points.
  [[nodiscard]] double growth(const InferredWorld& world, double hours) const;
  [[nodiscard]] double retention(const InferredWorld& world, double hours) const;

 private:
  /// An observation as indices.
  struct Place {
    std::size_t time = 0, region = 0;
    std::vector<std::size_t> sites, sinks;
    bool plasma = false;
    double fraction = 1;
    double departs = 1;  ///< 0: the whole body, whose parts only change places
  };
  /// Derivatives by everything in a world.
  struct WorldGradient {
    SharedGradient course;
    std::vector<double> fraction, uptake, background, residents;
    RateTriple culture_per_s{};
  };
  [[nodiscard]] std::optional<SharedCourse> course(const InferredWorld& world) const;
  [[nodiscard]] std::vector<Prediction> predict(const InferredWorld& world,
                                                const std::optional<SharedCourse>& course) const;
  /// Weights of the parts of every row, from the whitened residuals.
  [[nodiscard]] std::vector<Prediction> row_weights(const std::vector<Prediction>& predictions,
                                                    std::span<const double> lower,
                                                    std::span<const double> whitened) const;
  [[nodiscard]] WorldGradient world_gradient(const InferredWorld& world,
                                             const std::optional<SharedCourse>& course,
                                             const std::vector<Prediction>& predictions,
                                             const std::vector<Prediction>& weights) const;
  void assay_gradient(const InferredWorld& world, RateTriple& by_culture) const;
  [[nodiscard]] double along(const WorldGradient& g, const InferredWorld& from,
                             const InferredWorld& to) const;
  [[nodiscard]] Prediction at(const Place& place, const Observation& o, const InferredWorld& world,
                              const SharedMoment* now) const;
  [[nodiscard]] double shared_variance(std::size_t i, std::size_t j) const;
  [[nodiscard]] double own_variance(std::size_t i, const Prediction& q) const;
  /// Lower triangle of the covariance, and L^-1 (observed - predicted).
  void whiten(const std::vector<Prediction>& predictions, std::vector<double>& lower,
              std::span<double> r) const;
  [[nodiscard]] double assay_misfit(const InferredWorld& world, std::span<double> r) const;

  const InferenceProblem* problem_;
  ParameterSpace space_;
  std::vector<double> times_s_;  ///< distinct, ascending
  std::vector<Place> places_;
  /// Least variance of a row by signal: an image without noise and a region that the model says is
  /// empty would leave none.
  std::array<double, 3> least_variance_{};
  std::vector<double> shared_;  ///< relative covariance that rows share, [rows, rows]
};

}  // namespace sojourn::fate
