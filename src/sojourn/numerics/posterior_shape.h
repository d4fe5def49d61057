#pragma once
#include <Eigen/Dense>
#include <vector>

#include "sojourn/numerics/axis_bend.h"
#include "sojourn/numerics/axis_warp.h"

namespace sojourn::numerics {

/// What is known of a posterior's form: a smooth, invertible map of a space in which it is close to
/// a Student t distribution with unit scale, x = warp(centre + L bend(middle + S v)).
///
/// Every stage is learnt from draws of two groups of chains and used only where what one group
/// shows holds in the other; so noise bends nothing, and no count of effective draws is needed.
class PosteriorShape {
 public:
  /// Laplace's approximation: @param mean shape [n]; @param covariance shape [n, n], positive
  /// definite (checked by the caller).
  PosteriorShape(const Eigen::VectorXd& mean, const Eigen::MatrixXd& covariance);

  /// Early draws have hardly moved along skewed axes and would show ridges that are not there.
  enum class Stages { without_ridges, with_ridges };

  /// The same with what draws show (shape [n, draws] each, from different chains, in x).
  [[nodiscard]] PosteriorShape learnt(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second,
                                      Stages stages) const;

  struct Place {
    Eigen::VectorXd x;
    double log_volume = 0;  ///< ln |dx/dv|, up to a constant of this shape
  };
  [[nodiscard]] Place at(const Eigen::VectorXd& v) const;
  [[nodiscard]] Eigen::VectorXd inverse(const Eigen::VectorXd& x) const;

  [[nodiscard]] Eigen::Index size() const { return laplace_mean_.size(); }
  [[nodiscard]] double degrees_of_freedom() const { return nu_; }
  /// Of the t distribution in v, up to a constant.
  [[nodiscard]] double log_reference(const Eigen::VectorXd& v) const;

 private:
  [[nodiscard]] Eigen::MatrixXd unwarped(const Eigen::MatrixXd& draws) const;

  Eigen::VectorXd laplace_mean_, laplace_sd_;
  Eigen::MatrixXd laplace_correlation_;
  std::vector<AxisWarp> warps_;
  Eigen::VectorXd centre_, middle_;
  Eigen::MatrixXd lower_, spread_;  ///< lower triangular
  AxisBend bend_;
  double nu_ = 8;  ///< heavier than normal until draws have spoken
};

}  // namespace sojourn::numerics
