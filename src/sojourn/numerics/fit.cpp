#include "sojourn/numerics/fit.h"

#include <ceres/ceres.h>
#include <glog/logging.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Truncation (h^2) and rounding (eps / h) balance near the cube root of epsilon.
const double kStep = std::cbrt(std::numeric_limits<double>::epsilon());

bool finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// The caller's functions as Ceres asks for them; exceptions wait outside Ceres.
class Cost : public ceres::CostFunction {
 public:
  Cost(const FitProblem& problem, std::vector<double> typical)
      : problem_(problem), typical_(std::move(typical)) {
    set_num_residuals(static_cast<int>(problem.n_residuals));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(typical_.size()));
  }

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    if (thrown_) return false;
    try {
      const std::span<const double> theta(parameters[0], typical_.size());
      if (!residuals_at(theta, {residuals, problem_.n_residuals})) return false;
      if (jacobians == nullptr || jacobians[0] == nullptr) return true;
      return jacobian_at(theta, {jacobians[0], problem_.n_residuals * typical_.size()});
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }

  bool residuals_at(std::span<const double> theta, std::span<double> r) const {
    ++evaluations_;
    problem_.residuals(theta, r);
    return finite(r);
  }

  bool jacobian_at(std::span<const double> theta, std::span<double> jacobian) const {
    if (problem_.jacobian) {
      problem_.jacobian(theta, jacobian);
      return finite(jacobian);
    }
    const std::size_t n = theta.size();
    std::vector<double> at(theta.begin(), theta.end()), above(problem_.n_residuals), below(above);
    for (std::size_t k = 0; k < n; ++k) {
      const double h = kStep * std::max(std::abs(theta[k]), typical_[k]);
      const double high =
          problem_.upper.empty() ? theta[k] + h : std::min(theta[k] + h, problem_.upper[k]);
      const double low =
          problem_.lower.empty() ? theta[k] - h : std::max(theta[k] - h, problem_.lower[k]);
      at[k] = high;
      bool good = residuals_at(at, above);
      at[k] = low;
      good = residuals_at(at, below) && good;
      if (!good) return false;
      at[k] = theta[k];
      for (std::size_t i = 0; i < above.size(); ++i)
        jacobian[i * n + k] = (above[i] - below[i]) / (high - low);
    }
    return true;
  }

  [[nodiscard]] std::size_t evaluations() const { return evaluations_; }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }
  [[nodiscard]] const std::vector<double>& typical() const { return typical_; }

 private:
  const FitProblem& problem_;
  std::vector<double> typical_;
  mutable std::size_t evaluations_ = 0;
  mutable std::exception_ptr thrown_;
};

struct Attempt {
  FitAttempt end;
  std::string message;
  std::size_t evaluations = 0;
};

std::vector<double> typical_of(const FitProblem& problem, std::span<const double> start) {
  std::vector<double> typical = problem.typical;
  if (typical.empty())
    for (const double v : start) typical.push_back(v == 0 ? 1 : std::abs(v));
  return typical;
}

/// Parameters that stand on a bound towards which the cost falls.
std::vector<int> held_by_bounds(const FitProblem& problem, const Cost& cost,
                                std::span<const double> theta) {
  const std::size_t n = theta.size();
  std::vector<int> held;
  std::vector<double> r(problem.n_residuals), jacobian(problem.n_residuals * n);
  if (!cost.residuals_at(theta, r) || !cost.jacobian_at(theta, jacobian)) return held;
  for (std::size_t k = 0; k < n; ++k) {
    double gradient = 0;
    for (std::size_t i = 0; i < r.size(); ++i) gradient += jacobian[i * n + k] * r[i];
    const bool low = !problem.lower.empty() && theta[k] <= problem.lower[k] && gradient >= 0;
    const bool high = !problem.upper.empty() && theta[k] >= problem.upper[k] && gradient <= 0;
    if (low || high) held.push_back(static_cast<int>(k));
  }
  return held;
}

/// Ceres cuts steps off at the bounds and may stop where the others are not yet at their best: what
/// the bounds hold is held, and the others are searched again, until the same are held.
void settle_on_bounds(const FitProblem& problem, const Cost& cost, std::vector<double>& theta,
                      const ceres::Solver::Options& solver, ceres::Problem& ceres_problem,
                      ceres::Solver::Summary& summary) {
  std::vector<int> before;
  for (std::size_t round = 0; round <= theta.size(); ++round) {
    const auto held = held_by_bounds(problem, cost, theta);
    if (held.size() == theta.size() || held == before) return;
    ceres_problem.SetManifold(
        theta.data(),
        held.empty() ? nullptr : new ceres::SubsetManifold(static_cast<int>(theta.size()), held));
    before = held;
    const auto start = theta;
    ceres::Solver::Summary again;
    ceres::Solve(solver, &ceres_problem, &again);
    cost.rethrow();
    if (!again.IsSolutionUsable() || again.final_cost > summary.final_cost) {
      theta = start;
      return;
    }
    summary = again;
  }
}

Attempt attempt(const FitProblem& problem, const std::vector<double>& start,
                const FitOptions& options) {
  Attempt result;
  std::vector<double> theta = start;
  Cost cost(problem, typical_of(problem, start));
  ceres::Problem::Options keep;
  keep.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  ceres::Problem ceres_problem(keep);
  ceres_problem.AddResidualBlock(&cost, nullptr, theta.data());
  for (std::size_t k = 0; k < theta.size(); ++k) {
    const int index = static_cast<int>(k);
    if (!problem.lower.empty())
      ceres_problem.SetParameterLowerBound(theta.data(), index, problem.lower[k]);
    if (!problem.upper.empty())
      ceres_problem.SetParameterUpperBound(theta.data(), index, problem.upper[k]);
  }
  ceres::Solver::Options solver;
  solver.linear_solver_type = ceres::DENSE_QR;
  solver.max_num_iterations = options.most_iterations;
  solver.function_tolerance = options.cost_tolerance;
  solver.parameter_tolerance = options.step_tolerance;
  solver.gradient_tolerance = options.gradient_tolerance;
  solver.max_num_consecutive_invalid_steps = 20;
  solver.logging_type = ceres::SILENT;
  solver.num_threads = 1;
  ceres::Solver::Summary summary;
  ceres::Solve(solver, &ceres_problem, &summary);
  cost.rethrow();
  if (summary.IsSolutionUsable())
    settle_on_bounds(problem, cost, theta, solver, ceres_problem, summary);
  cost.rethrow();
  result.end.converged = summary.termination_type == ceres::CONVERGENCE;
  result.end.cost =
      summary.IsSolutionUsable() ? summary.final_cost : std::numeric_limits<double>::infinity();
  result.end.theta = theta;
  result.message = summary.message;
  result.evaluations = cost.evaluations();
  return result;
}

/// Covariance from the singular values of J with its columns in typical sizes.
void add_laplace(FitSummary& summary, const FitProblem& problem, std::span<const double> start,
                 const FitOptions& options) {
  const auto n = static_cast<Eigen::Index>(summary.theta.size());
  const auto rows = static_cast<Eigen::Index>(problem.n_residuals);
  Cost cost(problem, typical_of(problem, start));
  Matrix j(rows, n);
  const bool good = cost.jacobian_at(summary.theta, {j.data(), static_cast<std::size_t>(j.size())});
  summary.evaluations += cost.evaluations();
  if (!good) {
    summary.message += "; no covariance: a derivative at the end is not finite";
    return;
  }
  Eigen::VectorXd size = Eigen::Map<const Eigen::VectorXd>(cost.typical().data(), n);
  j = (j * size.asDiagonal()).eval();
  // a column without any effect keeps its typical size; the others are brought to one length
  const Eigen::VectorXd norm = j.colwise().norm().transpose();
  const double longest = norm.maxCoeff();
  Eigen::VectorXd unit(n);
  for (Eigen::Index k = 0; k < n; ++k) unit[k] = norm[k] > 1e-14 * longest ? 1 / norm[k] : 1;
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(Eigen::MatrixXd(j * unit.asDiagonal()),
                                              Eigen::ComputeFullV);
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(n, n);
  const Eigen::VectorXd s = svd.singularValues();
  for (Eigen::Index k = 0; k < n; ++k) {
    const Eigen::VectorXd v = unit.asDiagonal() * svd.matrixV().col(k);
    if (k < s.size() && s[k] > options.information_limit * s[0] && s[k] > 0) {
      inverse += v * v.transpose() / (s[k] * s[k]);
    } else {
      const Eigen::VectorXd direction = v.normalized();
      summary.uninformed.emplace_back(direction.begin(), direction.end());
    }
  }
  const Matrix covariance = size.asDiagonal() * inverse * size.asDiagonal();
  summary.covariance.assign(covariance.data(), covariance.data() + covariance.size());
  if (!summary.uninformed.empty())
    summary.message +=
        fmt::format("; the data leave {} of {} directions free", summary.uninformed.size(), n);
}

void check(const FitProblem& p, std::span<const std::vector<double>> starts) {
  if (starts.empty() || starts[0].empty())
    throw Error(ErrorCode::bad_value, "fit: no start, or a start without parameters");
  if (!p.residuals || p.n_residuals == 0) throw Error(ErrorCode::bad_value, "fit: no residuals");
  const std::size_t n = starts[0].size();
  for (const auto* v : {&p.lower, &p.upper, &p.typical})
    if (!v->empty() && v->size() != n)
      throw Error(ErrorCode::shape_mismatch,
                  fmt::format("fit: {} bounds or sizes for {} parameters", v->size(), n));
  for (const double v : p.typical)
    if (!(v > 0))
      throw Error(ErrorCode::bad_value,
                  fmt::format("fit: a typical size of {} (it must be positive)", v));
  for (const auto& start : starts) {
    if (start.size() != n)
      throw Error(ErrorCode::shape_mismatch,
                  fmt::format("fit: starts of {} and {} parameters", n, start.size()));
    for (std::size_t k = 0; k < n; ++k)
      if (!std::isfinite(start[k]) || (!p.lower.empty() && start[k] < p.lower[k]) ||
          (!p.upper.empty() && start[k] > p.upper[k]))
        throw Error(ErrorCode::bad_value,
                    fmt::format("fit: parameter {} starts at {}, outside its bounds", k, start[k]));
  }
}

}  // namespace

FitSummary fit(const FitProblem& problem, std::span<const std::vector<double>> starts,
               const FitOptions& options) {
  check(problem, starts);
  FLAGS_minloglevel = google::GLOG_FATAL;  // Ceres prints what its summary says as well
  std::vector<Attempt> attempts(starts.size());
  core::parallel_for(starts.size(),
                     [&](std::size_t i) { attempts[i] = attempt(problem, starts[i], options); });
  FitSummary summary;
  std::size_t best = 0;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const FitAttempt &now = attempts[i].end, &before = attempts[best].end;
    // costs that agree to a millionth are the same valley
    const double margin = 1e-6 * std::abs(before.cost);
    if (now.cost < before.cost - margin ||
        (now.cost <= before.cost + margin && now.converged && !before.converged))
      best = i;
    summary.attempts.push_back(now);
    summary.evaluations += attempts[i].evaluations;
  }
  summary.converged = attempts[best].end.converged;
  summary.message = attempts[best].message;
  summary.theta = attempts[best].end.theta;
  summary.cost = attempts[best].end.cost;
  if (!std::isfinite(summary.cost)) return summary;
  for (std::size_t k = 0; k < summary.theta.size(); ++k)
    if ((!problem.lower.empty() && summary.theta[k] <= problem.lower[k]) ||
        (!problem.upper.empty() && summary.theta[k] >= problem.upper[k]))
      summary.at_bound.push_back(k);
  add_laplace(summary, problem, starts[best], options);
  return summary;
}

}  // namespace sojourn::numerics
