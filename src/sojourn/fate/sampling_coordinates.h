#pragma once
#include <span>
#include <vector>

#include "sojourn/fate/parameter_space.h"

namespace sojourn::fate {

/// Coordinates in which a posterior is sampled. Where residents N (uptake u each) and background b
/// share a region's signal, the measurement holds their sum and bends the posterior of their
/// logarithms into an L. There the two scores give way to w = ln((N u + b) / scale) and
/// s = ln(N u / b); with u's score kept, the Jacobian is constant, so densities stay as they are.
class SamplingCoordinates {
 public:
  explicit SamplingCoordinates(const ParameterSpace& space) : shared_(space.shared_signals()) {}

  /// Scores from coordinates, shape of both.
  [[nodiscard]] std::vector<double> scores(std::span<const double> w) const;
  /// Coordinates from scores.
  [[nodiscard]] std::vector<double> coordinates(std::span<const double> z) const;
  /// Derivatives by the coordinates, in place, from those by the scores at `w`.
  void pull(std::span<const double> w, std::span<double> gradient) const;

 private:
  std::vector<ParameterSpace::Shared> shared_;
};

}  // namespace sojourn::fate
