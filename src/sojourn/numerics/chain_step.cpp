#include "sojourn/numerics/chain_step.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

using Eigen::VectorXd;

constexpr double kOutside = -std::numeric_limits<double>::infinity();

/// Gamma variate of scale 1, shape >= 1. @source Marsaglia & Tsang, A simple method for generating
/// gamma variables, ACM TOMS 26 (2000) 363, doi:10.1145/358407.358414.
double gamma_variate(double shape, core::Random& random) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

}  // namespace

VectorXd normal_vector(Eigen::Index n, core::Random& random) {
  VectorXd z(n);
  for (double& value : z) value = random.normal();
  return z;
}

ChainState ChainStepper::at(const VectorXd& v, StepCounts& counts) const {
  auto [x, log_volume] = shape_.at(v);
  ++counts.evaluations;
  const double value =
      log_density_(std::span<const double>(x.data(), static_cast<std::size_t>(x.size())));
  if (std::isnan(value)) {  // far out, where a model overflows; counted, and judged at the end
    ++counts.not_a_number;
    return {v, std::move(x), kOutside, kOutside};
  }
  if (value == -kOutside) {
    std::string where;
    for (const double p : x) where += fmt::format("{}{:.6g}", where.empty() ? "" : ", ", p);
    throw Error(
        ErrorCode::bad_value,
        fmt::format("posterior: the log density is +infinity at ({}) (it must be finite, or "
                    "-infinity outside)",
                    where));
  }
  return {v, std::move(x), value, value + log_volume};
}

void ChainStepper::rebase(ChainState& state) const {
  state.v = shape_.inverse(state.x);
  state.log_level = state.log_density + shape_.at(state.v).log_volume;
}

/// Scale of Roberts, Gelman & Gilks 1997, doi:10.1214/aoap/1034625254, for a normal of unit
/// variance.
void ChainStepper::walk(ChainState& state, core::Random& random, StepCounts& counts) const {
  const double scale = 2.38 / std::sqrt(static_cast<double>(state.v.size()));
  ChainState next = at(state.v + scale * normal_vector(state.v.size(), random), counts);
  if (std::log(random.uniform()) < next.log_level - state.log_level) state = std::move(next);
}

void ChainStepper::jump(ChainState& state, core::Random& random, StepCounts& counts) const {
  ++counts.jumps;
  const double half = 0.5 * shape_.degrees_of_freedom();
  const VectorXd v =
      normal_vector(state.v.size(), random) / std::sqrt(gamma_variate(half, random) / half);
  const double ratio = shape_.log_reference(state.v) - shape_.log_reference(v);
  ChainState next = at(v, counts);
  if (!(std::log(random.uniform()) < next.log_level - state.log_level + ratio)) return;
  ++counts.jumps_taken;
  state = std::move(next);
}

/// Nishihara, Murray & Adams 2014, algorithm 2: the t reference is a normal of random scale; given
/// the scale, elliptical slice sampling of density / reference.
void ChainStepper::slice_ellipse(ChainState& state, core::Random& random,
                                 StepCounts& counts) const {
  constexpr double kFull = 2 * std::numbers::pi;
  constexpr int kMostShrinks = 200;  // the bracket is then narrower than rounding
  const double nu = shape_.degrees_of_freedom(), n = static_cast<double>(state.v.size());
  const double scale = 0.5 * (nu + state.v.squaredNorm()) / gamma_variate(0.5 * (nu + n), random);
  const VectorXd other = std::sqrt(scale) * normal_vector(state.v.size(), random);
  const double level = state.log_level - shape_.log_reference(state.v) + std::log(random.uniform());
  double angle = kFull * random.uniform(), low = angle - kFull, high = angle;
  for (int shrink = 0; shrink < kMostShrinks; ++shrink) {
    ChainState next = at(state.v * std::cos(angle) + other * std::sin(angle), counts);
    if (next.log_level - shape_.log_reference(next.v) > level) {
      state = std::move(next);
      return;
    }
    (angle < 0 ? low : high) = angle;
    angle = low + random.uniform() * (high - low);
  }
}

}  // namespace sojourn::numerics
