#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

/// The posteriors that samplers are compared on (docs/decisions/0007-sampler.md).
namespace comparison {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using LogDensity = std::function<double(const Vector&)>;

inline constexpr double kOutside = -std::numeric_limits<double>::infinity();

struct Target {
  std::string name;
  Eigen::Index n = 0;
  LogDensity log_density;
  Vector mode;        ///< a guess until laplace() has climbed
  Matrix covariance;  ///< Laplace's
  Vector mean;        ///< the true one; empty where it is not known
};

inline Matrix differences(const Target& t, Vector& gradient) {
  constexpr double h = 1e-3;
  const auto at = [&](Eigen::Index i, double a, Eigen::Index j, double b) {
    Vector x = t.mode;
    x[i] += a;
    x[j] += b;
    return t.log_density(x);
  };
  Matrix hessian(t.n, t.n);
  gradient.resize(t.n);
  for (Eigen::Index i = 0; i < t.n; ++i) {
    gradient[i] = (at(i, h, i, 0) - at(i, -h, i, 0)) / (2 * h);
    for (Eigen::Index j = 0; j <= i; ++j)
      hessian(i, j) = hessian(j, i) =
          (at(i, h, j, h) - at(i, h, j, -h) - at(i, -h, j, h) + at(i, -h, j, -h)) / (4 * h * h);
  }
  return hessian;
}

/// Newton's steps to the mode, and the inverse of the curvature there.
inline Target laplace(Target t) {
  Vector gradient;
  for (int step = 0; step < 30; ++step) {
    const Eigen::SelfAdjointEigenSolver<Matrix> eigen(-differences(t, gradient));
    const Vector curvature = eigen.eigenvalues().cwiseMax(1e-3);
    const Matrix axes = eigen.eigenvectors();
    const Vector move = axes * (axes.transpose() * gradient).cwiseQuotient(curvature);
    t.covariance = axes * curvature.cwiseInverse().asDiagonal() * axes.transpose();
    double share = 1;
    while (share > 1e-6 && !(t.log_density(t.mode + share * move) >= t.log_density(t.mode)))
      share /= 2;
    if (move.norm() < 1e-8 || share <= 1e-6) break;
    t.mode += share * move;
  }
  return t;
}

inline Matrix correlated(Eigen::Index n, double rho, double decades) {
  Matrix c(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      c(i, j) = std::pow(rho, static_cast<double>(std::abs(i - j))) *
                std::pow(10.0, decades * static_cast<double>(i + j) / static_cast<double>(n));
  return c;
}

inline Target gaussian(Eigen::Index n) {
  const LogDensity f = [p = Matrix(correlated(n, 0.9, 1).inverse())](const Vector& x) {
    return -0.5 * x.dot(p * x);
  };
  return laplace(
      {"Gaussian, rho 0.9, " + std::to_string(n), n, f, Vector::Zero(n), {}, Vector::Zero(n)});
}

inline Target student() {
  const Eigen::Index n = 10;
  const LogDensity f = [p = Matrix(correlated(n, 0.7, 1).inverse())](const Vector& x) {
    return -7.5 * std::log1p(x.dot(p * x) / 5);
  };
  return laplace({"Student t, 5 degrees, 10", n, f, Vector::Zero(n), {}, Vector::Zero(n)});
}

/// Haario's twisted normal: x1 on a parabola over x0 (sd 10), bent by 0.03.
inline Target banana() {
  const LogDensity f = [](const Vector& x) {
    const double y = x[1] + 0.03 * (x[0] * x[0] - 100);
    return -0.5 * (x[0] * x[0] / 100 + y * y + x.tail(8).squaredNorm());
  };
  Target t{"banana, 10", 10, f, Vector::Zero(10), {}, Vector::Zero(10)};
  t.mode[1] = 3;
  return laplace(t);
}

/// Twelve log-normal beliefs (0.5 in the logarithm) and five measurements of products, a share and
/// a sum, to 10 %.
inline Target beliefs() {
  const LogDensity f = [](const Vector& z) {
    const auto at = [&](Eigen::Index i) { return std::exp(0.5 * z[i]); };
    const auto seen = [](double model, double value) {
      return std::pow(std::log(model / value) / 0.1, 2);
    };
    return -0.5 * (z.squaredNorm() + seen(at(0) * at(1), 2) + seen(at(2) / (at(2) + at(3)), 0.8) +
                   seen(at(4) + at(5) + at(6), 1) + seen(std::exp(-at(7)) * at(8), 0.1) +
                   seen(at(9) * (1 - std::exp(-at(10))), 0.3));
  };
  return laplace({"prior-dominated, 12", 12, f, Vector::Zero(12), {}, {}});
}

/// Log-normals (0.6) sampled in the numbers themselves.
inline Target log_normal() {
  const LogDensity f = [](const Vector& x) {
    if (x.minCoeff() <= 0) return kOutside;
    const Eigen::ArrayXd l = x.array().log();
    return -(l.square() / 0.72 + l).sum();
  };
  return laplace({"log-normal, 10",
                  10,
                  f,
                  Vector::Constant(10, 0.7),
                  {},
                  Vector::Constant(10, std::exp(0.18))});
}

/// Every other axis is cut half a sd under the mode.
inline Target truncated() {
  const LogDensity f = [p = Matrix(correlated(10, 0.6, 0).inverse())](const Vector& x) {
    for (Eigen::Index i = 0; i < x.size(); i += 2)
      if (x[i] < -0.5) return kOutside;
    return -0.5 * x.dot(p * x);
  };
  return laplace({"truncated Gaussian, 10", 10, f, Vector::Zero(10), {}, {}});
}

/// Neal's funnel with a variance of 1 in the logarithm.
inline Target funnel() {
  const LogDensity f = [](const Vector& x) {
    return -0.5 * (x[0] * x[0] + x.tail(7).squaredNorm() * std::exp(-x[0]) + 7 * x[0]);
  };
  return laplace({"funnel, 8", 8, f, Vector::Zero(8), {}, Vector::Zero(8)});
}

/// Unit normals with weights 0.6 and 0.4; only the first is told.
inline Target two_modes(double apart) {
  const LogDensity f = [apart](const Vector& x) {
    const double a = std::log(0.6) - 0.5 * x[0] * x[0];
    const double b = std::log(0.4) - 0.5 * (x[0] - apart) * (x[0] - apart);
    return -0.5 * x.tail(5).squaredNorm() + std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
  };
  Target t{"two modes, " + std::to_string(static_cast<int>(apart)) + " sd apart, 6",
           6,
           f,
           Vector::Zero(6),
           {},
           Vector::Zero(6)};
  t.mean[0] = 0.4 * apart;
  return laplace(t);
}

inline std::vector<Target> targets() {
  return {gaussian(5),  gaussian(15), gaussian(25), student(),    banana(),    beliefs(),
          log_normal(), truncated(),  funnel(),     two_modes(4), two_modes(8)};
}

}  // namespace comparison
