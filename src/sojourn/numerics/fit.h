#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Most probable parameters, by least squares from several starts (Ceres), and Laplace's covariance
/// around them.
namespace sojourn::numerics {

/// What is to be small: -ln posterior = 1/2 sum r_i(theta)^2 + constant. Priors are residuals too:
/// (theta - mean) / sd. Called from several threads at once.
struct FitProblem {
  std::size_t n_residuals = 0;
  /// Fills r, shape [n_residuals]. A value that is not finite means: not here (the step is
  /// shortened).
  std::function<void(std::span<const double> theta, std::span<double> r)> residuals;
  /// Fills dr/dtheta, shape [n_residuals, n], row-major. Left empty: central differences (one-sided
  /// at a bound).
  std::function<void(std::span<const double> theta, std::span<double> jacobian)> jacobian;
  /// Bounds, each shape [n] or empty.
  std::vector<double> lower, upper;
  /// Sizes at which each parameter matters, shape [n] or empty (then |start|, or 1 for 0): steps of
  /// differences are 6e-6 of max(|theta|, this).
  std::vector<double> typical;
};

struct FitOptions {
  int most_iterations = 200;
  /// Converged when a step changes the cost by less than this share of it, or theta by less than
  /// the second share, or the largest gradient entry falls under the third.
  double cost_tolerance = 1e-14, step_tolerance = 1e-10, gradient_tolerance = 1e-12;
  /// Directions whose singular value of the scaled Jacobian is below this share of the largest hold
  /// no information: the data leave them free.
  double information_limit = 1e-8;
};

/// One start's end.
struct FitAttempt {
  bool converged = false;
  double cost = 0;
  std::vector<double> theta;
};

struct FitSummary {
  bool converged = false;
  std::string message;        ///< what Ceres says of the best start, and what limits the answer
  std::vector<double> theta;  ///< shape [n]; of the best start
  double cost = 0;            ///< 1/2 sum r^2
  /// Inverse of J'J, shape [n, n], row-major, without the directions in `uninformed`: along those
  /// it holds 0, which means unknown, not certain. Empty where the fit failed.
  std::vector<double> covariance;
  std::vector<std::vector<double>> uninformed;  ///< unit vectors, in theta over its typical size
  std::vector<std::size_t>
      at_bound;                 ///< parameters that end on a bound: Laplace does not hold there
  std::size_t evaluations = 0;  ///< of all residuals, differences and all starts included
  std::vector<FitAttempt> attempts;  ///< in the order of the starts
};

/// @param starts at least one, shape [n] each, inside the bounds; they run side by side, and the
///        lowest cost wins (among equals a converged one, then the first).
/// @return a fit that does not converge is a result.
/// @throws Error(shape_mismatch), Error(bad_value) for a problem that cannot be posed; whatever the
///         residuals throw.
/// @source Levenberg-Marquardt in Ceres, http://ceres-solver.org/nnls_solving.html.
[[nodiscard]] FitSummary fit(const FitProblem& problem, std::span<const std::vector<double>> starts,
                             const FitOptions& options = {});

}  // namespace sojourn::numerics
