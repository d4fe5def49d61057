#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/fate/likelihood.h"
#include "sojourn/numerics/gaussian.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

double square(double x) { return x * x; }

double along(const std::vector<double>& gradient, const std::vector<double>& from,
             const std::vector<double>& to) {
  double sum = 0;
  for (std::size_t i = 0; i < from.size(); ++i) sum += gradient[i] * (to[i] - from[i]);
  return sum;
}

double along(const Rates& g, const Rates& from, const Rates& to) {
  double sum = 0;
  for (const auto rate :
       {&Rates::division_per_s, &Rates::death_per_s, &Rates::efflux_per_s,
        &Rates::phagocytosed_fraction, &Rates::debris_release_per_s, &Rates::free_clearance_per_s})
    sum += g.*rate * (to.*rate - from.*rate);
  return sum;
}

double along(const SharedBody& g, const SharedBody& from, const SharedBody& to) {
  double sum = along(g.rates, from.rates, to.rates);
  for (const auto list : {&SharedBody::homing_per_s, &SharedBody::leaving_per_s, &SharedBody::entry,
                          &SharedBody::dead_entry, &SharedBody::debris_shares,
                          &SharedBody::fraction, &SharedBody::fraction_chelated})
    sum += along(g.*list, from.*list, to.*list);
  return sum;
}

}  // namespace

/// With a = C^-1 r and B = (a a' - C^-1) / 2, d ln p = a' d(total) + tr(B dC).
std::vector<Prediction> Likelihood::row_weights(const std::vector<Prediction>& predictions,
                                                std::span<const double> lower,
                                                std::span<const double> whitened) const {
  const std::size_t n = rows();
  std::vector<double> a(whitened.begin(), whitened.end());
  numerics::solve_upper(lower, a);
  const std::vector<double> inverse = numerics::inverse_from_cholesky(lower, n);
  std::vector<Prediction> weights(n);
  const auto& s = problem_->spread;
  for (std::size_t i = 0; i < n; ++i) {
    double total = a[i];
    for (std::size_t j = 0; j < n; ++j)
      total += (a[i] * a[j] - inverse[i * n + j]) * shared_[i * n + j] * predictions[j].total();
    const double own = square(a[i]) - inverse[i * n + i], departs = places_[i].departs * own;
    const auto& q = predictions[i];
    auto& w = weights[i];
    w.live = total + departs * square(s.live) * q.live;
    w.debris = total + departs * square(s.debris) * q.debris;
    w.free = total + departs * square(s.free) * q.free;
    w.background = total + own * square(s.background) * q.background;
  }
  return weights;
}

Likelihood::WorldGradient Likelihood::world_gradient(const InferredWorld& world,
                                                     const std::optional<SharedCourse>& course,
                                                     const std::vector<Prediction>& predictions,
                                                     const std::vector<Prediction>& weights) const {
  WorldGradient g;
  g.fraction.assign(world.fraction.size(), 0.0);
  g.uptake.assign(world.uptake.size(), 0.0);
  g.background.assign(world.background.size(), 0.0);
  g.residents.assign(world.residents.size(), 0.0);
  std::vector<SharedMoment> by_moment;
  if (course) by_moment = course->moments();
  for (auto& m : by_moment) {
    for (auto* list : {&m.cells, &m.live, &m.debris, &m.held})
      std::fill(list->begin(), list->end(), 0.0);
    m.free = 0;
  }
  for (std::size_t i = 0; i < rows(); ++i) {
    const auto& o = problem_->observations[i];
    const Place& place = places_[i];
    const Prediction& w = weights[i];
    const double f = place.fraction * world.fraction[place.region];
    const Prediction& q = predictions[i];
    // all parts are proportional to it, but for residents and background
    const double residents =
        o.signal == Signal::tracer
            ? world.residents[o.tracer * space_.regions().size() + place.region] *
                  world.uptake[o.tracer]
            : 0;
    g.fraction[place.region] +=
        (w.live * (q.live - residents) + w.debris * q.debris + w.free * q.free) /
        world.fraction[place.region];
    if (o.signal == Signal::tracer) {
      const std::size_t here = o.tracer * space_.regions().size() + place.region;
      g.uptake[o.tracer] += w.live * predictions[i].cells;
      g.residents[here] += w.live * world.uptake[o.tracer];
      g.background[here] += w.background;
    }
    if (!course) continue;
    SharedMoment& m = by_moment[place.time];
    if (o.signal == Signal::label) {
      for (const std::size_t s : place.sites) m.live[s] += f * w.live, m.debris[s] += f * w.debris;
      for (const std::size_t k : place.sinks) m.held[k] += f * w.free;
      if (place.plasma) m.free += f * w.free;
      continue;
    }
    const double per_cell = o.signal == Signal::tracer ? world.uptake[o.tracer] : 1;
    for (const std::size_t s : place.sites) m.cells[s] += f * w.live * per_cell;
  }
  if (!course) return g;
  g.course = course->gradient(by_moment);
  assay_gradient(world, g.culture_per_s);
  return g;
}

void Likelihood::assay_gradient(const InferredWorld& world, RateTriple& g) const {
  const auto add = [&](const AssayPoint& point, double expected, double division, double death,
                       double efflux) {
    const double weight = square(point.value / point.sd) * std::log(point.value / expected) *
                          point.hours * units::kSecondsPerHour;
    g[0] += weight * division, g[1] += weight * death, g[2] += weight * efflux;
  };
  for (const auto& point : problem_->growth) add(point, growth(world, point.hours), 1, -1, 0);
  for (const auto& point : problem_->retention)
    add(point, retention(world, point.hours), 0, -1, -1);
}

double Likelihood::along(const WorldGradient& g, const InferredWorld& from,
                         const InferredWorld& to) const {
  double sum = fate::along(g.fraction, from.fraction, to.fraction) +
               fate::along(g.uptake, from.uptake, to.uptake) +
               fate::along(g.background, from.background, to.background) +
               fate::along(g.residents, from.residents, to.residents);
  if (!problem_->infused) return sum;
  sum += fate::along(g.course.body, from.body, to.body);
  for (std::size_t i = 0; i < kCultureRates; ++i)
    sum += g.culture_per_s[i] * (to.culture_per_s[i] - from.culture_per_s[i]);
  const auto before = doses(from), after = doses(to);
  for (std::size_t d = 0; d < before.size(); ++d) {
    const SharedDose& by = g.course.doses[d];
    sum += by.cells * (after[d].cells - before[d].cells) +
           by.live * (after[d].live - before[d].live) +
           by.debris * (after[d].debris - before[d].debris) +
           by.free * (after[d].free - before[d].free);
  }
  return sum;
}

double Likelihood::log_posterior(std::span<const double> z, std::span<double> gradient) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  constexpr double kFar = 12, kStep = 1e-6;
  double sum = 0;
  for (const double x : z) {
    if (!(std::abs(x) < kFar)) return kNever;
    sum += x * x;
  }
  try {
    const InferredWorld world = space_.at(z);
    sum += assay_misfit(world, {});
    const auto now = course(world);
    const auto predictions = predict(world, now ? now->moments() : std::vector<SharedMoment>{});
    std::vector<double> lower, r(rows());
    whiten(predictions, lower, r);
    double log_det = 0;
    for (std::size_t i = 0; i < rows(); ++i) {
      sum += r[i] * r[i];
      log_det += std::log(lower[i * rows() + i]);
    }
    const auto g = world_gradient(world, now, predictions, row_weights(predictions, lower, r));
    std::vector<double> moved(z.begin(), z.end());
    for (std::size_t k = 0; k < z.size(); ++k) {
      moved[k] = z[k] + kStep;
      gradient[k] = along(g, world, space_.at(moved)) / kStep - z[k];
      moved[k] = z[k];
    }
    const double value = -sum / 2 - log_det;
    return std::isfinite(value) ? value : kNever;
  } catch (const Error&) {
    return kNever;
  }
}

}  // namespace sojourn::fate
