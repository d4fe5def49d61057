#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Stiff systems dy/dt = f(t, y, p) with sensitivities dy/dp (SUNDIALS CVODES, variable-order BDF).
namespace sojourn::numerics {

/// A time at which the right-hand side jumps, or something is added at once (a dose).
struct OdeBreak {
  double t = 0;
  std::vector<double> added;  ///< to y, shape [n], or empty; must not depend on y or p
};

struct OdeProblem {
  /// Fills dy/dt, shape [n]. Between breaks a, b it is asked for a <= t < b only, so that `t < b`
  /// tells the sides of a break apart.
  std::function<void(double t, std::span<const double> y, std::span<const double> p,
                     std::span<double> dydt)>
      rate;
  /// Fills df/dy, shape [n, n], row-major; empty: difference quotients.
  std::function<void(double t, std::span<const double> y, std::span<const double> p,
                     std::span<double> dfdy)>
      jacobian;
  /// Fills df/dp, shape [n, n_parameters], row-major; empty: difference quotients in p and y. Used
  /// for sensitivities, together with `jacobian`.
  std::function<void(double t, std::span<const double> y, std::span<const double> p,
                     std::span<double> dfdp)>
      parameter_jacobian;
  double t_start = 0;
  std::vector<double> start;       ///< y at t_start, shape [n]
  std::vector<double> parameters;  ///< p; may be empty
  /// dy/dp at t_start, shape [n, n_parameters], row-major; empty: zeros.
  std::vector<double> start_sensitivity;
  std::vector<OdeBreak> breaks;  ///< at increasing times after t_start
};

struct OdeOptions {
  double relative_tolerance = 1e-8;
  std::vector<double> absolute_tolerance = {1e-12};  ///< one for all, or shape [n]
  bool sensitivities = false;
  long most_steps = 100000;  ///< between two output times
};

struct OdeSolution {
  bool complete = false;  ///< false: rows after `reached` are missing
  std::string message;    ///< "complete", or where and why it stopped
  double reached = 0;     ///< last time
  std::size_t n = 0, n_parameters = 0;
  std::vector<double> y;            ///< shape [rows, n]; rows = output times that were reached
  std::vector<double> sensitivity;  ///< shape [rows, n, n_parameters], where asked for
  std::size_t rate_evaluations = 0;

  [[nodiscard]] std::span<const double> at(std::size_t row) const {
    return std::span(y).subspan(row * n, n);
  }
};

/// y at the given times (ascending, from t_start on); at a break: what is there after it.
/// @return an integration that breaks down is a result.
/// @throws Error(shape_mismatch), Error(bad_value) for a problem that cannot be posed; whatever the
///         caller's functions throw.
/// @source Hindmarsh et al., SUNDIALS, ACM TOMS 31 (2005) 363, doi:10.1145/1089014.1089020; Serban
/// &
///         Hindmarsh, CVODES, doi:10.1115/DETC2005-85597.
[[nodiscard]] OdeSolution solve_stiff(const OdeProblem& problem, std::span<const double> times,
                                      const OdeOptions& options = {});

}  // namespace sojourn::numerics
