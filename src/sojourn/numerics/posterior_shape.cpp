#include "sojourn/numerics/posterior_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace sojourn::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kDegrees[] = {3, 5, 8, 15, 30};
/// Shares of the belief (Laplace, or the identity) in the covariance.
constexpr double kShares[] = {0, 0.05, 0.2, 0.5, 0.8, 1};
constexpr double kFewKnots[] = {0.08, 0.3, 0.5, 0.7, 0.92};
constexpr double kManyKnots[] = {0.01, 0.04, 0.15, 0.35, 0.5, 0.65, 0.85, 0.96, 0.99};
const std::span<const double> kKnots[] = {kFewKnots, kManyKnots};

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);  // without the global that std::lgamma writes
}

std::vector<double> sorted_row(const MatrixXd& draws, Index axis) {
  const VectorXd row = draws.row(axis).transpose();
  std::vector<double> values(row.begin(), row.end());
  std::sort(values.begin(), values.end());
  return values;
}

/// Mean log density of values under a warp of the standard normal.
double score(const AxisWarp& warp, const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) {
    const double z = warp.inverse(x);
    sum += -0.5 * z * z - std::log(warp.at(z).slope);
  }
  return sum / static_cast<double>(values.size());
}

AxisWarp normal_line(const std::vector<double>& values) {
  const Eigen::Map<const VectorXd> v(values.data(), static_cast<Index>(values.size()));
  const double sd = std::sqrt((v.array() - v.mean()).square().mean());
  return AxisWarp::line(v.mean(), std::max(sd, 1e-300));
}

/// Through quantiles where that predicts the other chains better than a normal does, both ways.
AxisWarp learn_warp(const MatrixXd& first, const MatrixXd& second, Index axis,
                    const AxisWarp& otherwise) {
  constexpr double kGain = 0.01;  // nats per draw: less is not worth a map
  const auto a = sorted_row(first, axis), b = sorted_row(second, axis);
  if (!(a.front() < a.back() && b.front() < b.back())) return otherwise;
  const double line_b = score(normal_line(a), b), line_a = score(normal_line(b), a);
  double best = 2 * kGain;
  std::span<const double> chosen;
  for (const std::span<const double> knots : kKnots) {
    const double gain_b = score(AxisWarp::through(a, knots), b) - line_b;
    const double gain_a = score(AxisWarp::through(b, knots), a) - line_a;
    if (std::min(gain_a, gain_b) > 0 && gain_a + gain_b > best) {
      best = gain_a + gain_b;
      chosen = knots;
    }
  }
  if (chosen.empty()) return otherwise;
  std::vector<double> all(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), all.begin());
  return AxisWarp::through(all, chosen);
}

struct Moments {
  VectorXd mean;
  MatrixXd covariance;
};

Moments moments(const MatrixXd& draws) {
  Moments m;
  m.mean = draws.rowwise().mean();
  const MatrixXd apart = draws.colwise() - m.mean;
  m.covariance = apart * apart.transpose() / static_cast<double>(draws.cols());
  return m;
}

/// Of two populations, the belief with weight `share`; its mean is 0.
Moments shrunk(const Moments& seen, const MatrixXd& belief, double share) {
  Moments m;
  m.mean = (1 - share) * seen.mean;
  m.covariance = share * belief + (1 - share) * seen.covariance;
  // the floor keeps a group that has hardly moved from claiming certainty
  m.covariance.diagonal().array() += 1e-10;
  return m;
}

/// Mean log densities of draws under t distributions that have these moments, one for each of
/// kDegrees.
std::vector<double> t_scores(const Moments& m, const MatrixXd& draws) {
  const Eigen::LLT<MatrixXd> factor(m.covariance);
  if (factor.info() != Eigen::Success)
    return std::vector<double>(std::size(kDegrees), -std::numeric_limits<double>::infinity());
  const MatrixXd unit = factor.matrixL().solve(draws.colwise() - m.mean);
  const Eigen::ArrayXd squares = unit.colwise().squaredNorm().transpose().array();
  const double log_det = factor.matrixLLT().diagonal().array().log().sum();
  const double n = static_cast<double>(draws.rows());
  std::vector<double> scores;
  for (const double nu : kDegrees) {
    const double scale = (nu - 2) / nu;
    scores.push_back(log_gamma(0.5 * (nu + n)) - log_gamma(0.5 * nu) -
                     0.5 * n * std::log(nu * scale) - log_det -
                     0.5 * (nu + n) * (squares / (scale * nu)).log1p().mean());
  }
  return scores;
}

struct Chosen {
  Moments moments;
  double nu = 8;
};

/// The share of the belief and the degrees of freedom that predict the other group best.
Chosen choose(const MatrixXd& first, const MatrixXd& second, const MatrixXd& belief) {
  const Moments a = moments(first), b = moments(second);
  double best = -std::numeric_limits<double>::infinity(), best_share = 1;
  Chosen result;
  for (const double share : kShares) {
    const auto forth = t_scores(shrunk(a, belief, share), second);
    const auto back = t_scores(shrunk(b, belief, share), first);
    for (std::size_t i = 0; i < forth.size(); ++i)
      if (forth[i] + back[i] > best) {
        best = forth[i] + back[i];
        best_share = share;
        result.nu = kDegrees[i];
      }
  }
  MatrixXd all(first.rows(), first.cols() + second.cols());
  all << first, second;
  // both groups together know more than each: the share of the belief falls with the draws
  result.moments = shrunk(moments(all), belief, best_share / (2 - best_share));
  return result;
}

template <typename Map>
MatrixXd each(const MatrixXd& draws, const Map& map) {
  MatrixXd result(draws.rows(), draws.cols());
  for (Index i = 0; i < draws.cols(); ++i) result.col(i) = map(VectorXd(draws.col(i)));
  return result;
}

}  // namespace

PosteriorShape::PosteriorShape(const VectorXd& mean, const MatrixXd& covariance)
    : laplace_mean_(mean),
      laplace_sd_(covariance.diagonal().cwiseSqrt()),
      laplace_correlation_(laplace_sd_.cwiseInverse().asDiagonal() * covariance *
                           laplace_sd_.cwiseInverse().asDiagonal()),
      centre_(VectorXd::Zero(mean.size())),
      middle_(centre_),
      lower_(laplace_correlation_.llt().matrixL()),
      spread_(MatrixXd::Identity(mean.size(), mean.size())),
      bend_(mean.size()) {
  for (Index i = 0; i < mean.size(); ++i) warps_.push_back(AxisWarp::line(mean[i], laplace_sd_[i]));
}

MatrixXd PosteriorShape::unwarped(const MatrixXd& draws) const {
  MatrixXd z(draws.rows(), draws.cols());
  for (Index i = 0; i < draws.rows(); ++i)
    for (Index j = 0; j < draws.cols(); ++j)
      z(i, j) = warps_[static_cast<std::size_t>(i)].inverse(draws(i, j));
  return z;
}

PosteriorShape PosteriorShape::learnt(const MatrixXd& first, const MatrixXd& second,
                                      Stages stages) const {
  PosteriorShape shape = *this;
  for (Index i = 0; i < size(); ++i)
    shape.warps_[static_cast<std::size_t>(i)] =
        learn_warp(first, second, i, AxisWarp::line(laplace_mean_[i], laplace_sd_[i]));
  MatrixXd a = shape.unwarped(first), b = shape.unwarped(second);
  const Chosen linear = choose(a, b, laplace_correlation_);
  shape.centre_ = linear.moments.mean;
  shape.lower_ = linear.moments.covariance.llt().matrixL();
  const auto white = [&](const VectorXd& z) -> VectorXd {
    return shape.lower_.triangularView<Eigen::Lower>().solve(z - shape.centre_);
  };
  a = each(a, white);
  b = each(b, white);
  shape.bend_ = stages == Stages::with_ridges ? AxisBend::learn(a, b) : AxisBend(size());
  const auto unbend = [&](const VectorXd& w) { return shape.bend_.unbend(w); };
  const Chosen last = choose(each(a, unbend), each(b, unbend), MatrixXd::Identity(size(), size()));
  shape.nu_ = last.nu;
  shape.middle_ = last.moments.mean;
  shape.spread_ = (last.moments.covariance * ((last.nu - 2) / last.nu)).llt().matrixL();
  return shape;
}

PosteriorShape::Place PosteriorShape::at(const VectorXd& v) const {
  Place place;
  const VectorXd z = centre_ + lower_.triangularView<Eigen::Lower>() *
                                   bend_.bend(middle_ + spread_.triangularView<Eigen::Lower>() * v);
  place.x.resize(size());
  for (Index i = 0; i < size(); ++i) {
    const auto [x, slope] = warps_[static_cast<std::size_t>(i)].at(z[i]);
    place.x[i] = x;
    place.log_volume += std::log(slope);
  }
  return place;
}

VectorXd PosteriorShape::inverse(const VectorXd& x) const {
  const VectorXd z = unwarped(x);
  const VectorXd w = lower_.triangularView<Eigen::Lower>().solve(z - centre_);
  return spread_.triangularView<Eigen::Lower>().solve(bend_.unbend(w) - middle_);
}

double PosteriorShape::log_reference(const VectorXd& v) const {
  return -0.5 * (nu_ + static_cast<double>(size())) * std::log1p(v.squaredNorm() / nu_);
}

}  // namespace sojourn::numerics
