#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/fate/likelihood.h"
#include "sojourn/numerics/gaussian.h"

namespace sojourn::fate {
namespace {

double square(double x) { return x * x; }

/// Of one row, all that is added to its prediction.
double added(const Departures& d, std::size_t i, const Prediction& q, bool label) {
  return d.live[i] + d.debris[i] + d.free[i] + d.background[i] + d.other[i] +
         (label ? d.activity * q.total() : 0);
}

}  // namespace

Departures Likelihood::draw_departures(const std::vector<Prediction>& predictions,
                                       core::Random& random) const {
  const auto& p = *problem_;
  Departures d;
  d.activity = p.body.carries_label ? p.spread.activity * random.normal() : 0;
  std::vector<double> recovery(space_.regions().size());
  for (auto& z : recovery) z = random.normal();
  std::map<int, double> calibration;
  for (const auto& o : p.observations)
    if (!calibration.contains(o.scan)) calibration[o.scan] = random.normal();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto& o = p.observations[i];
    const auto& q = predictions[i];
    const double departs = places_[i].departs;
    d.live.push_back(departs * p.spread.live * q.live * random.normal());
    d.debris.push_back(departs * p.spread.debris * q.debris * random.normal());
    d.free.push_back(departs * p.spread.free * q.free * random.normal());
    d.background.push_back(p.spread.background * q.background * random.normal());
    d.other.push_back(o.noise_sd * random.normal() +
                      q.total() * (o.calibration_relative_sd * calibration[o.scan] +
                                   o.recovery_relative_sd * recovery[places_[i].region]));
  }
  return d;
}

Departures Likelihood::explain(const std::vector<Prediction>& predictions,
                               core::Random& random) const {
  const auto& p = *problem_;
  const std::size_t n = predictions.size();
  Departures d = draw_departures(predictions, random);
  std::vector<double> lower, w(n);
  whiten(predictions, lower, w);
  // what the draw does not yet explain, over the covariance
  for (std::size_t i = 0; i < n; ++i)
    w[i] = p.observations[i].value - predictions[i].total() -
           added(d, i, predictions[i], p.observations[i].signal == Signal::label);
  numerics::solve_lower(lower, w);
  numerics::solve_upper(lower, w);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& q = predictions[i];
    const double departs = places_[i].departs;
    d.live[i] += departs * square(p.spread.live * q.live) * w[i];
    d.debris[i] += departs * square(p.spread.debris * q.debris) * w[i];
    d.free[i] += departs * square(p.spread.free * q.free) * w[i];
    d.background[i] += square(p.spread.background * q.background) * w[i];
    if (p.observations[i].signal == Signal::label && p.body.carries_label)
      d.activity += square(p.spread.activity) * q.total() * w[i];
  }
  // noise, recovery and calibration take what is left
  for (std::size_t i = 0; i < n; ++i) {
    const auto& o = p.observations[i];
    d.other[i] +=
        o.value - predictions[i].total() - added(d, i, predictions[i], o.signal == Signal::label);
  }
  return d;
}

Truth Likelihood::truth(const std::vector<Prediction>& predictions, const Departures& d,
                        core::Random& random) const {
  const auto& p = *problem_;
  const double counted =
      space_.counted() ? 1 : std::exp(p.spread.cells * random.normal());  // of predictions
  Truth t;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto& q = predictions[i];
    const bool label = p.observations[i].signal == Signal::label;
    const double scale = label ? 1 + d.activity : 1;
    const double live = std::max(0.0, q.live + d.live[i]);
    const double others = std::max(0.0, q.debris + d.debris[i]) +
                          std::max(0.0, q.free + d.free[i]) +
                          std::max(0.0, q.background + d.background[i]);
    // label of a cell differs between regions; a tracer's uptake or a count is the cell's own
    const double per_cell =
        label && places_[i].departs > 0 ? std::exp(p.spread.label_per_cell * random.normal()) : 1;
    t.live.push_back(live * scale);
    t.total.push_back((live + others) * scale);
    t.cells.push_back(q.live > 0 ? q.cells * counted * live / q.live * per_cell : 0);
  }
  return t;
}

std::vector<double> Likelihood::measured(const std::vector<Prediction>& predictions,
                                         const Departures& d) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < predictions.size(); ++i)
    values.push_back(
        predictions[i].total() +
        added(d, i, predictions[i], problem_->observations[i].signal == Signal::label));
  return values;
}

}  // namespace sojourn::fate
