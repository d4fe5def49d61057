#pragma once
#include <Eigen/Dense>

#include "sojourn/core/random.h"
#include "sojourn/numerics/posterior_sampler.h"
#include "sojourn/numerics/posterior_shape.h"

/// Steps of one chain in the space of a PosteriorShape. Each leaves the posterior unchanged.
namespace sojourn::numerics {

struct ChainState {
  Eigen::VectorXd v, x;
  double log_density = 0;  ///< in x
  double log_level = 0;    ///< in v: with the map's volume
};

struct StepCounts {
  std::size_t evaluations = 0, jumps = 0, jumps_taken = 0, not_a_number = 0;
};

class ChainStepper {
 public:
  ChainStepper(const LogDensity& log_density, const PosteriorShape& shape)
      : log_density_(log_density), shape_(shape) {}

  /// The state at v. @throws Error(bad_value) for a log density of +infinity.
  [[nodiscard]] ChainState at(const Eigen::VectorXd& v, StepCounts& counts) const;
  /// The same point x in this shape's space, without an evaluation.
  void rebase(ChainState& state) const;

  /// Random walk of 2.38 / sqrt(n) in v: slow, but it finds what the shape overlooks.
  void walk(ChainState& state, core::Random& random, StepCounts& counts) const;
  /// Independence proposal from the shape's t distribution (Metropolis-Hastings).
  void jump(ChainState& state, core::Random& random, StepCounts& counts) const;
  /// Never stays where it is.
  void slice_ellipse(ChainState& state, core::Random& random, StepCounts& counts) const;

 private:
  const LogDensity& log_density_;
  const PosteriorShape& shape_;
};

[[nodiscard]] Eigen::VectorXd normal_vector(Eigen::Index n, core::Random& random);

}  // namespace sojourn::numerics
