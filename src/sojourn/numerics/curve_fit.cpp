#include "sojourn/numerics/curve_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <unsupported/Eigen/LevenbergMarquardt>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
// Directions with singular values below this part of the largest are not determined by the data.
constexpr double kUndetermined = 1e-10;
// A parameter this close to a limit, in parts of its interval (or of 1), lies on it.
constexpr double kOnLimit = 1e-9;

// Starts are kept this far off the limits, in parts of the interval or in the parameter's unit.
constexpr double kOff = 1e-4;

/// MINUIT's maps between a parameter in its limits and a free number.
struct Transformation {
  FitParameter p;

  [[nodiscard]] bool mapped() const { return p.low > -kUnlimited || p.high < kUnlimited; }

  [[nodiscard]] double outer(double free) const {
    if (p.low > -kUnlimited && p.high < kUnlimited)
      return p.low + (p.high - p.low) * 0.5 * (std::sin(free) + 1);
    if (p.low > -kUnlimited) return p.low - 1 + std::sqrt(free * free + 1);
    if (p.high < kUnlimited) return p.high + 1 - std::sqrt(free * free + 1);
    return free;
  }

  /// The free number of `value`, kept off the limits: the map has no slope there.
  [[nodiscard]] double free(double value) const {
    if (p.low > -kUnlimited && p.high < kUnlimited) {
      const double share = std::clamp((value - p.low) / (p.high - p.low), kOff, 1 - kOff);
      return std::asin(2 * share - 1);
    }
    const auto root = [](double distance) {
      const double x = std::max(distance, kOff) + 1;
      return std::sqrt(x * x - 1);
    };
    if (p.low > -kUnlimited) return root(value - p.low);
    if (p.high < kUnlimited) return root(p.high - value);
    return value;
  }

  [[nodiscard]] bool at_limit(double value) const {
    const double width =
        p.low > -kUnlimited && p.high < kUnlimited ? p.high - p.low : std::abs(value) + 1;
    return value - p.low <= kOnLimit * width || p.high - value <= kOnLimit * width;
  }
};

/// The problem as Eigen's minimiser wants it, in free numbers.
class Problem : public Eigen::DenseFunctor<double> {
 public:
  Problem(const Residuals& residuals, std::size_t m, const std::vector<FitParameter>& parameters)
      : DenseFunctor(static_cast<int>(parameters.size()), static_cast<int>(m)),
        residuals_(residuals) {
    for (const auto& p : parameters) maps_.push_back({p});
  }

  [[nodiscard]] const std::vector<Transformation>& maps() const { return maps_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }

  [[nodiscard]] std::vector<double> outer(const Vector& free) const {
    std::vector<double> value(maps_.size());
    for (std::size_t k = 0; k < value.size(); ++k)
      value[k] = maps_[k].outer(free[static_cast<Eigen::Index>(k)]);
    return value;
  }

  Vector at(std::span<const double> value) const {
    Vector r(values());
    residuals_(value, {r.data(), static_cast<std::size_t>(r.size())});
    ++evaluations_;
    return r;
  }

  int operator()(const Vector& free, Vector& r) const {
    r = at(outer(free));
    // a step into nonsense must look bad, not end the search
    if (!r.allFinite()) r.setConstant(1e150);
    return 0;
  }

  int df(const Vector& free, Matrix& jacobian) const {
    Vector moved = free, up(values()), down(values());
    for (Eigen::Index k = 0; k < free.size(); ++k) {
      // mapped numbers are of order 1; others have the scale of their value
      const bool mapped = maps_[static_cast<std::size_t>(k)].mapped() || free[k] == 0;
      const double scale = mapped ? std::max(1.0, std::abs(free[k])) : std::abs(free[k]);
      const double step = std::cbrt(std::numeric_limits<double>::epsilon()) * scale;
      moved[k] = free[k] + step;
      (*this)(moved, up);
      moved[k] = free[k] - step;
      (*this)(moved, down);
      moved[k] = free[k];
      jacobian.col(k) = (up - down) / (2 * step);
    }
    return 0;
  }

 private:
  const Residuals& residuals_;
  std::vector<Transformation> maps_;
  mutable int evaluations_ = 0;
};

/// d residual / d value of one parameter, by a difference that stays inside the limits.
Vector slope_of(const Problem& problem, std::vector<double> value, std::size_t k) {
  const auto& p = problem.maps()[k].p;
  const double width = p.low > -kUnlimited && p.high < kUnlimited ? p.high - p.low : 1.0;
  const double scale = value[k] != 0 ? std::abs(value[k]) : width;
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
    fit.at_limit[k] = problem.maps()[k].at_limit(fit.value[k]);
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

const char* text_of(Eigen::LevenbergMarquardtSpace::Status status) {
  using namespace Eigen::LevenbergMarquardtSpace;
  switch (status) {
    case RelativeReductionTooSmall:
    case RelativeErrorTooSmall:
    case RelativeErrorAndReductionTooSmall:
    case CosinusTooSmall:
      return "converged";
    case FtolTooSmall:
    case XtolTooSmall:
    case GtolTooSmall:
      return "converged to rounding";
    case TooManyFunctionEvaluation:
      return "too many evaluations";
    default:
      return "the minimiser refused the problem";
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

}  // namespace

CurveFit fit_curve(const Residuals& residuals, std::size_t n_residuals,
                   const std::vector<FitParameter>& parameters, ResidualUnit unit) {
  check(parameters, n_residuals);
  Problem problem(residuals, n_residuals, parameters);
  Vector free(static_cast<Eigen::Index>(parameters.size()));
  for (std::size_t k = 0; k < parameters.size(); ++k)
    free[static_cast<Eigen::Index>(k)] = problem.maps()[k].free(parameters[k].start);
  if (!problem.at(problem.outer(free)).allFinite())
    throw Error(ErrorCode::bad_value, "fit_curve: a residual at the start is not finite");
  Eigen::LevenbergMarquardt<Problem> minimiser(problem);
  // a few ulp of the squares and of the parameters: the noise of the data stops nothing earlier
  minimiser.setFtol(1e-15);
  minimiser.setXtol(1e-12);
  minimiser.setMaxfev(2000);
  const auto status = minimiser.minimize(free);
  CurveFit fit;
  fit.message = text_of(status);
  fit.status =
      fit.message.starts_with("converged") ? FitStatus::converged : FitStatus::not_converged;
  fit.value = problem.outer(free);
  fit.weighted_squares = problem.at(fit.value).squaredNorm();
  set_spread(fit, problem, unit);
  fit.evaluations = problem.evaluations();
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
