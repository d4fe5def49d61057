#include "sojourn/trial/drawn_study.h"

#include <algorithm>
#include <cmath>

#include "sojourn/fate/broken_body.h"
#include "sojourn/fate/likelihood.h"
#include "sojourn/units/units.h"

namespace sojourn::trial {
namespace {

using fate::InferredWorld;
using fate::Likelihood;
using fate::Prediction;

constexpr std::size_t kGammaStages = 3;
constexpr double kDelay_s = units::kSecondsPerDay;
constexpr double kLeakyPart = 1.0 / 3, kLeaky = 5, kTight = 0.4;
constexpr double kReads = 0.8;

std::vector<Prediction> broken_body(const Likelihood& likelihood, const InferredWorld& world,
                                    const fate::InferenceProblem& p,
                                    const fate::BodyBreak& broken) {
  return likelihood.predict(world, fate::broken_course(world.body, likelihood.doses(world),
                                                       p.chelation, likelihood.times_s(), broken));
}

/// Label of two populations of cells that differ in what leaks.
std::vector<Prediction> two_populations(const Likelihood& likelihood, InferredWorld world) {
  const double efflux = world.body.rates.efflux_per_s;
  world.body.rates.efflux_per_s = kLeaky * efflux;
  auto all = likelihood.predict(world);
  world.body.rates.efflux_per_s = kTight * efflux;
  const auto tight = likelihood.predict(world);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (double Prediction::*part : {&Prediction::live, &Prediction::debris, &Prediction::free})
      all[i].*part = kLeakyPart * all[i].*part + (1 - kLeakyPart) * tight[i].*part;
  return all;
}

std::vector<Prediction> predict(const Likelihood& likelihood, const InferredWorld& world,
                                const fate::InferenceProblem& p, Break broken) {
  if (!p.infused) return likelihood.predict(world);
  if (broken == Break::residence) return broken_body(likelihood, world, p, {kGammaStages, 0});
  if (broken == Break::delay) return broken_body(likelihood, world, p, {1, kDelay_s});
  if (broken == Break::populations) return two_populations(likelihood, world);
  return likelihood.predict(world);
}

void draw_assays(const Scenario& s, const Likelihood& likelihood, const InferredWorld& world,
                 core::Random& random, fate::InferenceProblem& p) {
  for (auto& point : p.growth) {
    point.value =
        likelihood.growth(world, point.hours) * std::exp(s.growth_relative_sd * random.normal());
    point.sd = s.growth_relative_sd * point.value;
  }
  for (auto& point : p.retention) {
    point.value = likelihood.retention(world, point.hours) *
                  std::exp(s.retention_relative_sd * random.normal());
    point.sd = s.retention_relative_sd * point.value;
  }
}

}  // namespace

DrawnStudy draw_study(const Scenario& scenario, Break broken, std::uint64_t seed) {
  DrawnStudy study{scenario.problem, {}};
  fate::InferenceProblem& p = study.problem;
  const Likelihood likelihood(scenario.problem);
  core::Random random(seed, std::uint64_t{1} << 59);
  std::vector<double> z(likelihood.space().size());
  for (auto& x : z) x = random.normal();
  const InferredWorld world = likelihood.space().at(z);
  const auto predictions = predict(likelihood, world, scenario.problem, broken);
  const auto departures = likelihood.draw_departures(predictions, random);
  const auto values = likelihood.measured(predictions, departures);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool low = broken == Break::recovery && !p.observations[i].kind.whole_body;
    p.observations[i].value = (low ? kReads : 1) * values[i];
  }
  study.cells = likelihood.truth(predictions, departures, random).cells;
  draw_assays(scenario, likelihood, world, random, p);
  return study;
}

double naive_cells(const fate::InferenceProblem& p, std::size_t row) {
  const auto& o = p.observations[row];
  const double per_cell = o.signal == fate::Signal::label
                              ? p.injected / (p.cells * p.viability)
                              : p.tracers[o.tracer].uptake_per_cell.median;
  return o.value / per_cell;
}

double middle_cells(const fate::InferenceProblem& p, std::size_t row) {
  const auto& o = p.observations[row];
  if (o.signal == fate::Signal::tracer) {
    const auto& tracer = p.tracers[o.tracer];
    const auto background = tracer.background.find(o.region);
    const double usual = background == tracer.background.end() ? 0 : background->second.median;
    return (o.value - usual) / tracer.uptake_per_cell.median;
  }
  double up = 0, down = 0;  // slope of ln(fold) through the origin
  for (const auto& point : p.growth) {
    const double t = point.hours * units::kSecondsPerHour;
    up += std::log(point.value) * t, down += t * t;
  }
  return naive_cells(p, row) * (down > 0 ? std::exp(up / down * o.t_s) : 1);
}

}  // namespace sojourn::trial
