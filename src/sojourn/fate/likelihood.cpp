#include "sojourn/fate/likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/numerics/gaussian.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

bool has(const RegionKind& kind, const std::string& role) {
  return kind.whole_body ||
         std::find(kind.roles.begin(), kind.roles.end(), role) != kind.roles.end();
}

double square(double x) { return x * x; }

}  // namespace

Likelihood::Likelihood(const InferenceProblem& problem) : problem_(&problem), space_(problem) {
  for (const auto& o : problem.observations) times_s_.push_back(o.t_s);
  std::sort(times_s_.begin(), times_s_.end());
  times_s_.erase(std::unique(times_s_.begin(), times_s_.end()), times_s_.end());
  const BodyModel& model = problem.body.model;
  for (const auto& o : problem.observations) {
    Place place;
    place.time = static_cast<std::size_t>(
        std::lower_bound(times_s_.begin(), times_s_.end(), o.t_s) - times_s_.begin());
    place.region = space_.region(o.region);
    for (std::size_t i = 0; i < model.sites.size(); ++i)
      if (has(o.kind, model.sites[i].id)) place.sites.push_back(i);
    for (std::size_t k = 0; k < model.sinks.size(); ++k)
      if (has(o.kind, model.sinks[k].id)) place.sinks.push_back(k);
    place.plasma = has(o.kind, "blood");
    place.fraction = o.kind.fraction;
    place.departs = o.kind.whole_body ? 0 : 1;
    places_.push_back(std::move(place));
  }
  constexpr double kLeast = 1e-5;  // of the signal's largest total
  for (const auto& o : problem.observations) {
    double& least = least_variance_[static_cast<std::size_t>(o.signal)];
    least = std::max(least, square(kLeast * o.value));
  }
  for (double& least : least_variance_) least = std::max(least, 1e-12);
  const std::size_t n = places_.size();
  shared_.resize(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) shared_[i * n + j] = shared_variance(i, j);
}

/// Recovery is shared by a region's rows of one signal, calibration by a scan's, activity by all of
/// the label.
double Likelihood::shared_variance(std::size_t i, std::size_t j) const {
  const auto& a = problem_->observations[i];
  const auto& b = problem_->observations[j];
  double relative = 0;
  if (a.signal == Signal::label && b.signal == Signal::label)
    relative += square(problem_->spread.activity);
  if (a.scan == b.scan) relative += a.calibration_relative_sd * b.calibration_relative_sd;
  if (places_[i].region == places_[j].region)
    relative += a.recovery_relative_sd * b.recovery_relative_sd;
  return relative;
}

std::vector<SharedDose> Likelihood::doses(const InferredWorld& w) const {
  const auto& p = *problem_;
  std::vector<SharedDose> all;
  for (const auto& dose : p.doses) {
    const double label = p.body.carries_label ? p.injected * dose.share : 0;
    const double bound = label * w.bound_fraction;
    all.push_back({dose.at_s, p.cells * w.counted * w.viability * dose.share, bound * w.viability,
                   bound * (1 - w.viability), label - bound});
  }
  return all;
}

Prediction Likelihood::at(const Place& place, const Observation& o, const InferredWorld& world,
                          const SharedMoment* now) const {
  Prediction q;
  q.expansion = std::exp(world.body.rates.division_per_s * std::max(0.0, o.t_s));
  if (now != nullptr)
    for (const std::size_t s : place.sites) q.cells += now->cells[s];
  const double fraction = place.fraction * world.fraction[place.region];
  q.cells *= fraction;
  if (o.signal == Signal::cells) {
    q.live = q.cells;
    return q;
  }
  if (o.signal == Signal::tracer) {
    const std::size_t here = o.tracer * space_.regions().size() + place.region;
    q.cells += world.residents[here];
    q.live = q.cells * world.uptake[o.tracer];
    q.background = world.background[here];
    return q;
  }
  SOJOURN_EXPECT(now != nullptr);
  for (const std::size_t s : place.sites) q.live += now->live[s], q.debris += now->debris[s];
  for (const std::size_t k : place.sinks) q.free += now->held[k];
  if (place.plasma) q.free += now->free;
  q.live *= fraction, q.debris *= fraction, q.free *= fraction;
  return q;
}

std::optional<SharedCourse> Likelihood::course(const InferredWorld& world) const {
  if (!problem_->infused) return std::nullopt;
  return SharedCourse(world.body, doses(world), problem_->chelation, times_s_);
}

std::vector<Prediction> Likelihood::predict(const InferredWorld& world) const {
  const auto now = course(world);
  return predict(world, now ? now->moments() : std::vector<SharedMoment>{});
}

std::vector<Prediction> Likelihood::predict(const InferredWorld& world,
                                            const std::vector<SharedMoment>& moments) const {
  std::vector<Prediction> all;
  all.reserve(rows());
  for (std::size_t i = 0; i < rows(); ++i)
    all.push_back(at(places_[i], problem_->observations[i], world,
                     moments.empty() ? nullptr : &moments[places_[i].time]));
  return all;
}

std::pair<double, double> Likelihood::bone_and_marrow(const InferredWorld& world) const {
  const auto& p = *problem_;
  if (!p.infused) return {0, 0};
  const SharedCourse course(world.body, doses(world), p.chelation, {times_s_.back()});
  const SharedMoment& last = course.moments().front();
  double bone = 0;
  const auto& sinks = p.body.model.sinks;
  for (std::size_t k = 0; k < sinks.size(); ++k)
    if (sinks[k].id == "bone") bone = last.held[k];
  return {bone / p.injected, last.cells[p.body.model.site("marrow")] / p.cells};
}

double Likelihood::own_variance(std::size_t i, const Prediction& q) const {
  const auto& s = problem_->spread;
  const auto& o = problem_->observations[i];
  return least_variance_[static_cast<std::size_t>(o.signal)] + square(o.noise_sd) +
         square(s.background * q.background) +
         places_[i].departs *
             (square(s.live * q.live) + square(s.debris * q.debris) + square(s.free * q.free));
}

void Likelihood::whiten(const std::vector<Prediction>& predictions, std::vector<double>& lower,
                        std::span<double> r) const {
  const std::size_t n = rows();
  std::vector<double> total(n), c(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    total[i] = predictions[i].total();
    r[i] = problem_->observations[i].value - total[i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) c[i * n + j] = shared_[i * n + j] * total[i] * total[j];
    c[i * n + i] += own_variance(i, predictions[i]);
  }
  lower = numerics::cholesky(std::move(c), n);
  numerics::solve_lower(lower, r.first(n));
}

double Likelihood::growth(const InferredWorld& world, double hours) const {
  return std::exp((world.culture_per_s[0] - world.culture_per_s[1]) * hours *
                  units::kSecondsPerHour);
}

double Likelihood::retention(const InferredWorld& world, double hours) const {
  return std::exp(-(world.culture_per_s[1] + world.culture_per_s[2]) * hours *
                  units::kSecondsPerHour);
}

/// Assays err in proportion: ln(value) is normal.
double Likelihood::assay_misfit(const InferredWorld& world, std::span<double> r) const {
  double sum = 0;
  std::size_t i = 0;
  const auto add = [&](const AssayPoint& point, double expected) {
    const double z = std::log(point.value / expected) * point.value / point.sd;
    sum += z * z;
    if (!r.empty()) r[i++] = z;
  };
  for (const auto& point : problem_->growth) add(point, growth(world, point.hours));
  for (const auto& point : problem_->retention) add(point, retention(world, point.hours));
  return sum;
}

std::size_t Likelihood::residual_count() const {
  return rows() + problem_->growth.size() + problem_->retention.size() + space_.size();
}

void Likelihood::residuals(std::span<const double> z, std::span<double> r) const {
  const InferredWorld world = space_.at(z);
  std::vector<double> lower;
  whiten(predict(world), lower, r.first(rows()));
  const std::size_t assays = problem_->growth.size() + problem_->retention.size();
  (void)assay_misfit(world, r.subspan(rows(), assays));
  std::copy(z.begin(), z.end(), r.begin() + static_cast<std::ptrdiff_t>(rows() + assays));
}

double Likelihood::misfit(const std::vector<Prediction>& predictions) const {
  std::vector<double> lower, r(rows());
  whiten(predictions, lower, r);
  double sum = 0;
  for (const double x : r) sum += x * x;
  return sum;
}

double Likelihood::log_posterior(std::span<const double> z) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  constexpr double kFar = 12;  // standard deviations of a prior: nothing lies there
  double sum = 0;
  for (const double x : z) {
    if (!(std::abs(x) < kFar)) return kNever;
    sum += x * x;
  }
  try {
    const InferredWorld world = space_.at(z);
    sum += assay_misfit(world, {});
    std::vector<double> lower, r(rows());
    whiten(predict(world), lower, r);
    double log_det = 0;
    for (std::size_t i = 0; i < rows(); ++i) {
      sum += r[i] * r[i];
      log_det += std::log(lower[i * rows() + i]);
    }
    const double value = -sum / 2 - log_det;
    return std::isfinite(value) ? value : kNever;
  } catch (const Error&) {
    return kNever;
  }
}

}  // namespace sojourn::fate
