#include "sojourn/fate/likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/numerics/gaussian.h"

namespace sojourn::fate {
namespace {

bool has(const RegionKind& kind, const std::string& role) {
  return std::find(kind.roles.begin(), kind.roles.end(), role) != kind.roles.end();
}

/// Parts of a region: its sites' cells and label, its organ's free label, plasma in blood.
Prediction of_region(const RegionKind& kind, const BodyModel& model, const BodyState& now) {
  Prediction p;
  p.whole = kind.whole_body;
  for (std::size_t i = 0; i < model.sites.size(); ++i) {
    if (!kind.whole_body && !has(kind, model.sites[i].id)) continue;
    p.live += now.live[i];
    p.debris += now.debris[i];
    p.cells += now.cells[i];
  }
  for (std::size_t k = 0; k < model.sinks.size(); ++k)
    if (kind.whole_body || has(kind, model.sinks[k].id)) p.free += now.held[k];
  if (kind.whole_body || has(kind, "blood")) p.free += now.free;
  for (double* part : {&p.live, &p.debris, &p.free, &p.cells}) *part *= kind.fraction;
  return p;
}

std::vector<BodyInput> inputs_of(const InferenceProblem& p, const InferredWorld& w) {
  const auto n = static_cast<double>(p.doses_s.size());
  const BodyState dose =
      start_of(w.body, {p.cells / n, w.viability, p.injected / n, w.bound_fraction});
  std::vector<BodyInput> inputs;
  for (const double at : p.doses_s) inputs.push_back({at, dose});
  return inputs;
}

}  // namespace

/// What is added to the predictions, row by row.
struct Likelihood::Parts {
  std::vector<double> live, debris, free, background;  ///< departures
  std::vector<double> other;                           ///< noise, recovery, calibration
  double activity = 0;                                 ///< relative error of the infused activity

  [[nodiscard]] double total(std::size_t i, const Prediction& p) const {
    return live[i] + debris[i] + free[i] + background[i] + other[i] + activity * p.total();
  }
};

Likelihood::Likelihood(const InferenceProblem& problem) : problem_(&problem), space_(problem) {
  for (const auto& o : problem.observations) times_s_.push_back(o.t_s);
  std::sort(times_s_.begin(), times_s_.end());
  times_s_.erase(std::unique(times_s_.begin(), times_s_.end()), times_s_.end());
  for (const auto& o : problem.observations) {
    time_of_.push_back(static_cast<std::size_t>(
        std::lower_bound(times_s_.begin(), times_s_.end(), o.t_s) - times_s_.begin()));
    region_of_.push_back(space_.region(o.region));
  }
}

std::vector<Prediction> Likelihood::predict(const InferredWorld& world) const {
  const auto& p = *problem_;
  const BodyModes modes(world.body.model);
  const auto states = body_course(modes, inputs_of(p, world), p.chelation, times_s_);
  const auto& blood = world.body.model.sites.front();
  std::vector<Prediction> all;
  all.reserve(p.observations.size());
  for (std::size_t i = 0; i < p.observations.size(); ++i) {
    const auto& o = p.observations[i];
    Prediction one = of_region(o.kind, world.body.model, states[time_of_[i]]);
    one.expansion = std::exp(blood.division_per_s * o.t_s);
    if (p.tracer) {
      one.live = one.cells * world.uptake;
      one.debris = one.free = 0;
      one.background = world.backgrounds[region_of_[i]];
    }
    all.push_back(one);
  }
  return all;
}

std::pair<double, double> Likelihood::bone_and_marrow(const InferredWorld& world) const {
  const auto& p = *problem_;
  const BodyModes modes(world.body.model);
  const auto last = body_course(modes, inputs_of(p, world), p.chelation, {times_s_.back()}).front();
  double bone = 0;
  for (std::size_t k = 0; k < world.body.model.sinks.size(); ++k)
    if (world.body.model.sinks[k].id == "bone") bone = last.held[k];
  return {bone / p.injected, last.cells[world.body.model.site("marrow")] / p.cells};
}

/// Noise on the diagonal, departures on the diagonal, recovery shared by a region, calibration by a
/// scan, activity by all.
std::vector<double> Likelihood::covariance(const std::vector<Prediction>& predictions) const {
  const auto& p = *problem_;
  const std::size_t n = predictions.size();
  std::vector<double> c(n * n, 0.0);
  const double activity = p.body.carries_label ? p.spread.activity : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& a = p.observations[i];
    for (std::size_t j = 0; j <= i; ++j) {
      const auto& b = p.observations[j];
      double relative = activity * activity;
      if (a.scan == b.scan) relative += a.calibration_relative_sd * b.calibration_relative_sd;
      if (region_of_[i] == region_of_[j])
        relative += a.recovery_relative_sd * b.recovery_relative_sd;
      c[i * n + j] = relative * predictions[i].total() * predictions[j].total();
    }
    const auto& q = predictions[i];
    const double share = q.whole ? 0.0 : 1.0;  // departures of organs move label inside the body
    c[i * n + i] +=
        a.noise_sd * a.noise_sd +
        share * (std::pow(p.spread.live * q.live, 2) + std::pow(p.spread.debris * q.debris, 2) +
                 std::pow(p.spread.free * q.free, 2)) +
        std::pow(p.spread.background * q.background, 2);
  }
  return c;
}

std::vector<double> Likelihood::residuals(std::span<const double> z) const {
  const auto predictions = predict(space_.at(z));
  const auto lower = numerics::cholesky(covariance(predictions), predictions.size());
  std::vector<double> r(predictions.size());
  for (std::size_t i = 0; i < r.size(); ++i)
    r[i] = problem_->observations[i].value - predictions[i].total();
  numerics::solve_lower(lower, r);
  r.insert(r.end(), z.begin(), z.end());
  return r;
}

double Likelihood::misfit(const std::vector<Prediction>& predictions) const {
  const auto lower = numerics::cholesky(covariance(predictions), predictions.size());
  std::vector<double> r(predictions.size());
  for (std::size_t i = 0; i < r.size(); ++i)
    r[i] = problem_->observations[i].value - predictions[i].total();
  numerics::solve_lower(lower, r);
  double sum = 0;
  for (const double x : r) sum += x * x;
  return sum;
}

double Likelihood::log_posterior(std::span<const double> z) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  constexpr double kFar = 12;  // standard deviations of a prior: nothing lies there
  double prior = 0;
  for (const double x : z) {
    if (!(std::abs(x) < kFar)) return kNever;
    prior -= x * x / 2;
  }
  try {
    const auto predictions = predict(space_.at(z));
    const std::size_t n = predictions.size();
    const auto lower = numerics::cholesky(covariance(predictions), n);
    std::vector<double> r(n);
    double log_det = 0;
    for (std::size_t i = 0; i < n; ++i) {
      r[i] = problem_->observations[i].value - predictions[i].total();
      log_det += std::log(lower[i * n + i]);
    }
    numerics::solve_lower(lower, r);
    double sum = 0;
    for (const double x : r) sum += x * x;
    const double value = prior - sum / 2 - log_det;
    return std::isfinite(value) ? value : kNever;
  } catch (const Error&) {
    return kNever;
  }
}

Likelihood::Parts Likelihood::draw_parts(const std::vector<Prediction>& predictions,
                                         core::Random& random) const {
  const auto& p = *problem_;
  Parts parts;
  parts.activity = p.body.carries_label ? p.spread.activity * random.normal() : 0;
  std::map<int, double> scans;
  std::vector<double> regions(space_.regions().size());
  for (auto& z : regions) z = random.normal();
  for (const auto& o : p.observations)
    if (!scans.contains(o.scan)) scans[o.scan] = random.normal();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto& o = p.observations[i];
    const auto& q = predictions[i];
    const double share = q.whole ? 0.0 : 1.0;
    parts.live.push_back(share * p.spread.live * q.live * random.normal());
    parts.debris.push_back(share * p.spread.debris * q.debris * random.normal());
    parts.free.push_back(share * p.spread.free * q.free * random.normal());
    parts.background.push_back(p.spread.background * q.background * random.normal());
    parts.other.push_back(o.noise_sd * random.normal() +
                          q.total() * (o.calibration_relative_sd * scans[o.scan] +
                                       o.recovery_relative_sd * regions[region_of_[i]]));
  }
  return parts;
}

/// Matheron's rule: a draw of all parts, moved by what the observations say of their sum.
Likelihood::Explained Likelihood::explain(const std::vector<Prediction>& predictions,
                                          core::Random& random) const {
  const auto& p = *problem_;
  const std::size_t n = predictions.size();
  const Parts parts = draw_parts(predictions, random);
  std::vector<double> w(n);
  for (std::size_t i = 0; i < n; ++i)
    w[i] = p.observations[i].value - predictions[i].total() - parts.total(i, predictions[i]);
  const auto lower = numerics::cholesky(covariance(predictions), n);
  numerics::solve_lower(lower, w);
  numerics::solve_upper(lower, w);
  double activity = parts.activity;
  if (p.body.carries_label)
    for (std::size_t i = 0; i < n; ++i)
      activity += std::pow(p.spread.activity, 2) * predictions[i].total() * w[i];
  Explained e;
  const double counted = std::exp(p.spread.cells * random.normal());
  for (std::size_t i = 0; i < n; ++i) {
    const auto& q = predictions[i];
    const double share = q.whole ? 0.0 : 1.0;
    const double departure = parts.live[i] + share * std::pow(p.spread.live * q.live, 2) * w[i];
    const double debris = parts.debris[i] + share * std::pow(p.spread.debris * q.debris, 2) * w[i];
    const double free = parts.free[i] + share * std::pow(p.spread.free * q.free, 2) * w[i];
    const double live = std::max(0.0, q.live + departure);
    const double per_cell = std::exp(p.spread.label_per_cell * random.normal());
    e.live.push_back(live * (1 + activity));
    e.total.push_back(std::max(
        e.live.back(),
        e.live.back() +
            (std::max(0.0, q.debris + debris) + std::max(0.0, q.free + free)) * (1 + activity) +
            q.background));
    e.cells.push_back(q.live > 0 ? q.cells * counted * live / q.live * (share > 0 ? per_cell : 1.0)
                                 : 0.0);
  }
  return e;
}

Likelihood::Simulated Likelihood::simulate(const std::vector<Prediction>& predictions,
                                           core::Random& random) const {
  const auto& p = *problem_;
  const Parts parts = draw_parts(predictions, random);
  const double counted = std::exp(p.spread.cells * random.normal());
  Simulated s;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto& q = predictions[i];
    s.values.push_back(q.total() + parts.total(i, q));
    const double per_cell = q.whole ? 1.0 : std::exp(p.spread.label_per_cell * random.normal());
    const double live = std::max(0.0, q.live + parts.live[i]);
    s.cells.push_back(q.live > 0 ? q.cells * counted * live / q.live * per_cell : 0.0);
  }
  return s;
}

}  // namespace sojourn::fate
