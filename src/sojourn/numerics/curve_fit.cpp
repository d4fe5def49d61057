#include "sojourn/numerics/curve_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/numerics/fit.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
// Directions with singular values below this part of the largest are not determined by the data.
constexpr double kUndetermined = 1e-10;
// A parameter this close to a limit, in parts of its interval (or of 1), lies on it.
constexpr double kOnLimit = 1e-9;

double width_of(const FitParameter& p, double value) {
  return p.low > -kUnlimited && p.high < kUnlimited ? p.high - p.low : std::abs(value) + 1;
}

bool at_limit(const FitParameter& p, double value) {
  const double width = width_of(p, value);
  return value - p.low <= kOnLimit * width || p.high - value <= kOnLimit * width;
}

/// The residuals of one problem, with their evaluations counted.
class Problem {
 public:
  Problem(const Residuals& residuals, std::size_t m, const std::vector<FitParameter>& parameters)
      : residuals_(residuals), m_(m), parameters_(parameters) {}

  [[nodiscard]] Vector at(std::span<const double> value) const {
    Vector r(static_cast<Eigen::Index>(m_));
    residuals_(value, {r.data(), m_});
    ++evaluations_;
    return r;
  }
  [[nodiscard]] const std::vector<FitParameter>& parameters() const { return parameters_; }
  [[nodiscard]] int values() const { return static_cast<int>(m_); }
  [[nodiscard]] int evaluations() const { return evaluations_; }

 private:
  const Residuals& residuals_;
  std::size_t m_;
  const std::vector<FitParameter>& parameters_;
  mutable int evaluations_ = 0;
};

/// d residual / d value of one parameter, by a difference that stays inside the limits.
Vector slope_of(const Problem& problem, std::vector<double> value, std::size_t k) {
  const auto& p = problem.parameters()[k];
  const double scale = value[k] != 0 ? std::abs(value[k]) : width_of(p, 0);
  const double step = std::cbrt(std::numeric_limits<double>::epsilon()) * scale;
  const double centre = value[k];
  const double above = std::min(p.high, centre + step), below = std::max(p.low, centre - step);
  value[k] = above;
  const Vector up = problem.at(value);
  value[k] = below;
  return (up - problem.at(value)) / (above - below);
}

/// (JᵀJ)⁻¹ of the columns by singular values, columns scaled to unit length. Parameters that take
/// part in a direction without curvature are marked in `undetermined`.
Matrix inverse_information(const Matrix& jacobian, std::vector<bool>& undetermined) {
  const Eigen::Index n = jacobian.cols();
  undetermined.assign(static_cast<std::size_t>(n), false);
  Vector length = jacobian.colwise().norm();
  for (Eigen::Index k = 0; k < n; ++k)
    if (!(length[k] > 0)) length[k] = 1;
  const Eigen::JacobiSVD<Matrix> svd(jacobian * length.cwiseInverse().asDiagonal(),
                                     Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Vector& singular = svd.singularValues();
  Vector squares = Vector::Zero(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    if (singular[j] > kUndetermined * singular[0]) {
      squares[j] = 1 / (singular[j] * singular[j]);
      continue;
    }
    constexpr double kTakesPart = 1e-3;  // of the direction's unit length
    for (Eigen::Index k = 0; k < n; ++k)
      if (std::abs(svd.matrixV()(k, j)) > kTakesPart)
        undetermined[static_cast<std::size_t>(k)] = true;
  }
  const Matrix root = length.cwiseInverse().asDiagonal() * svd.matrixV();
  return root * squares.asDiagonal() * root.transpose();
}

void set_spread(CurveFit& fit, const Problem& problem, ResidualUnit unit) {
  const std::size_t n = fit.value.size();
  std::vector<std::size_t> open;
  fit.at_limit.assign(n, false);
  for (std::size_t k = 0; k < n; ++k) {
    fit.at_limit[k] = at_limit(problem.parameters()[k], fit.value[k]);
    if (!fit.at_limit[k]) open.push_back(k);
  }
  fit.degrees_of_freedom = problem.values() - static_cast<int>(open.size());
  fit.standard_error.assign(n, 0.0);
  fit.covariance.assign(n * n, 0.0);
  if (open.empty()) return;
  Matrix jacobian(problem.values(), static_cast<Eigen::Index>(open.size()));
  for (std::size_t c = 0; c < open.size(); ++c)
    jacobian.col(static_cast<Eigen::Index>(c)) = slope_of(problem, fit.value, open[c]);
  std::vector<bool> undetermined;
  const Matrix inverse = inverse_information(jacobian, undetermined);
  double scale = 1;
  if (unit == ResidualUnit::relative_weight)
    scale = fit.degrees_of_freedom > 0 ? fit.weighted_squares / fit.degrees_of_freedom : kUnlimited;
  for (std::size_t a = 0; a < open.size(); ++a) {
    const auto ia = static_cast<Eigen::Index>(a);
    if (undetermined[a] || !(scale < kUnlimited)) {
      fit.standard_error[open[a]] = kUnlimited;
      continue;
    }
    for (std::size_t b = 0; b < open.size(); ++b)
      if (!undetermined[b])
        fit.covariance[open[a] * n + open[b]] = scale * inverse(ia, static_cast<Eigen::Index>(b));
    fit.standard_error[open[a]] = std::sqrt(scale * inverse(ia, ia));
  }
}

void check(const std::vector<FitParameter>& parameters, std::size_t m) {
  if (parameters.empty() || m < parameters.size())
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("fit_curve: {} residuals do not determine {} parameters", m,
                            parameters.size()));
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const auto& p = parameters[k];
    if (!std::isfinite(p.start) || !(p.low < p.high) || !(p.start >= p.low && p.start <= p.high))
      throw Error(ErrorCode::bad_value,
                  fmt::format("fit_curve: parameter {} starts at {}, outside [{}, {}]", k, p.start,
                              p.low, p.high));
  }
}

/// The same for Ceres: limits as its bounds; a parameter that starts at 0 matters at a part of its
/// interval.
FitProblem problem_of(const Residuals& residuals, std::size_t m,
                      const std::vector<FitParameter>& parameters) {
  constexpr double kPart = 1e-3;
  FitProblem posed;
  posed.n_residuals = m;
  posed.residuals = residuals;
  for (const auto& p : parameters) {
    posed.lower.push_back(std::max(p.low, std::numeric_limits<double>::lowest()));
    posed.upper.push_back(std::min(p.high, std::numeric_limits<double>::max()));
    const bool interval = p.low > -kUnlimited && p.high < kUnlimited;
    posed.typical.push_back(p.start != 0 ? std::abs(p.start)
                            : interval   ? kPart * (p.high - p.low)
                                         : 1);
  }
  return posed;
}

}  // namespace

CurveFit fit_curve(const Residuals& residuals, std::size_t n_residuals,
                   const std::vector<FitParameter>& parameters, ResidualUnit unit) {
  check(parameters, n_residuals);
  const Problem problem(residuals, n_residuals, parameters);
  std::vector<double> start;
  for (const auto& p : parameters) start.push_back(p.start);
  if (!problem.at(start).allFinite())
    throw Error(ErrorCode::bad_value, "fit_curve: a residual at the start is not finite");
  const FitSummary found =
      numerics::fit(problem_of(residuals, n_residuals, parameters), {&start, 1});
  CurveFit fit;
  fit.message = found.message;
  fit.status = found.converged ? FitStatus::converged : FitStatus::not_converged;
  fit.value = found.theta;
  fit.weighted_squares = problem.at(fit.value).squaredNorm();
  set_spread(fit, problem, unit);
  fit.evaluations = problem.evaluations() + static_cast<int>(found.evaluations);
  return fit;
}

LinearFit fit_linear(const std::vector<std::vector<double>>& columns, std::span<const double> y,
                     std::span<const double> weights) {
  const std::size_t n = columns.size(), m = y.size();
  const bool fits = n > 0 && m >= n && (weights.empty() || weights.size() == m) &&
                    std::all_of(columns.begin(), columns.end(),
                                [&](const auto& column) { return column.size() == m; });
  if (!fits)
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("fit_linear: {} columns, {} data, {} weights do not fit together", n, m,
                            weights.size()));
  Matrix x(static_cast<Eigen::Index>(m), static_cast<Eigen::Index>(n));
  Vector right(static_cast<Eigen::Index>(m));
  int counted = 0;
  for (std::size_t i = 0; i < m; ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    if (!(weight >= 0 && std::isfinite(weight)))
      throw Error(ErrorCode::bad_value,
                  fmt::format("fit_linear: weight {} is {} (it must be >= 0)", i, weight));
    if (weight > 0) ++counted;
    const auto row = static_cast<Eigen::Index>(i);
    right[row] = std::sqrt(weight) * y[i];
    for (std::size_t k = 0; k < n; ++k)
      x(row, static_cast<Eigen::Index>(k)) = std::sqrt(weight) * columns[k][i];
  }
  if (!x.allFinite() || !right.allFinite())
    throw Error(ErrorCode::bad_value, "fit_linear: a number is not finite");
  std::vector<bool> undetermined;
  const Matrix inverse = inverse_information(x, undetermined);
  if (std::find(undetermined.begin(), undetermined.end(), true) != undetermined.end())
    throw Error(ErrorCode::bad_value,
                "fit_linear: the columns depend on each other (fewer different data than "
                "parameters)");
  const Vector value = x.colPivHouseholderQr().solve(right);
  LinearFit fit;
  fit.value.assign(value.data(), value.data() + value.size());
  fit.weighted_squares = (right - x * value).squaredNorm();
  fit.degrees_of_freedom = counted - static_cast<int>(n);
  const bool known = fit.degrees_of_freedom > 0;
  const double scale = known ? fit.weighted_squares / fit.degrees_of_freedom : 0.0;
  fit.covariance.resize(n * n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      fit.covariance[a * n + b] =
          scale * inverse(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
  for (std::size_t a = 0; a < n; ++a)
    fit.standard_error.push_back(known ? std::sqrt(fit.covariance[a * n + a]) : kUnlimited);
  return fit;
}

}  // namespace sojourn::numerics
