#pragma once
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Parameters of curves by least squares, with what the data say about their spread.
namespace sojourn::numerics {

/// A parameter, where to start and the closed interval that it may take. Both limits may be
/// infinite.
struct FitParameter {
  double start = 0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// What the residuals are divided by.
enum class ResidualUnit {
  relative_weight,    ///< square roots of relative weights: their scale is taken from the fit
  standard_deviation  ///< known standard deviations: the covariance is not rescaled
};

enum class FitStatus { converged, not_converged };

/// A fit; that it did not converge is a result.
struct CurveFit {
  FitStatus status = FitStatus::not_converged;
  std::string message;
  std::vector<double> value;           ///< shape [n]
  std::vector<double> standard_error;  ///< shape [n]; infinite where the data do not determine it,
                                       ///< 0 where the value lies at one of its limits
  std::vector<double> covariance;      ///< shape [n, n], row-major; 0 in rows of either kind
  std::vector<bool> at_limit;          ///< shape [n]
  double weighted_squares = 0;         ///< sum of squared residuals
  int degrees_of_freedom = 0;          ///< residuals less parameters that are not at a limit
  int evaluations = 0;
};

/// Fills `residuals` (shape [m], already divided as ResidualUnit says) at the parameters.
using Residuals = std::function<void(std::span<const double> value, std::span<double> residuals)>;

/// Weighted nonlinear least squares by `fit` (Ceres) within the limits, with what a curve's
/// parameters need beside it: the covariance s² (JᵀJ)⁻¹ of those off their limits, s² = squares /
/// degrees of freedom or 1.
/// @param n_residuals m >= the number of parameters.
/// @throws Error(bad_value) for a start outside its limits, Error(shape_mismatch) for too few
/// residuals, Error(bad_value) when residuals at the start are not finite.
[[nodiscard]] CurveFit fit_curve(const Residuals& residuals, std::size_t n_residuals,
                                 const std::vector<FitParameter>& parameters,
                                 ResidualUnit unit = ResidualUnit::relative_weight);

/// A linear fit.
struct LinearFit {
  std::vector<double> value;           ///< shape [n]
  std::vector<double> standard_error;  ///< shape [n]; infinite without degrees of freedom
  std::vector<double> covariance;      ///< shape [n, n], row-major; s² (XᵀWX)⁻¹
  double weighted_squares = 0;
  int degrees_of_freedom = 0;
};

/// Least squares of Σ_k value_k columns[k] on y with relative weights, by pivoted QR.
/// @param columns n columns of m numbers; @param y shape [m]; @param weights shape [m], >= 0, or
/// empty for equal ones. Rows without weight do not count as data.
/// @throws Error(shape_mismatch); Error(bad_value) for columns that depend on each other, or for
/// weights that are negative or not finite.
[[nodiscard]] LinearFit fit_linear(const std::vector<std::vector<double>>& columns,
                                   std::span<const double> y, std::span<const double> weights = {});

}  // namespace sojourn::numerics
