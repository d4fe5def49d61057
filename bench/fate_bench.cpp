#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/fate/body_modes.h"
#include "sojourn/fate/likelihood.h"
#include "sojourn/numerics/linear_system.h"

namespace {

using namespace sojourn;
using fate::BodyModel;
using fate::BodyState;

constexpr double kHour = 3600;

/// Twelve sites, from passages of half a minute to stays of weeks.
BodyModel twelve_sites(bool one_division) {
  BodyModel m;
  for (std::size_t i = 0; i < 12; ++i) {
    const double order = static_cast<double>(i);
    m.sites.push_back({i == 0 ? "blood" : "site" + std::to_string(i), 40 / (1 + order) / kHour,
                       std::pow(2.5, -order) * 120 / kHour,
                       (one_division ? 0.01 : 0.002 * order) / kHour,
                       (0.002 + 0.001 * order) / kHour, i == 0 ? 1.0 : 0.0});
  }
  m.debris_shares.assign(12, 1.0 / 12);
  m.sinks = {{"bone", 0.5, 0.1, 0},     {"liver", 0.1, 0.1, 0},
             {"kidney", 0.05, 0.05, 0}, {"gut", 0.05, 0.05, 0.1 / kHour},
             {"rest", 0.1, 0, 0},       {"bladder", 0.2, 0.7, 1 / kHour}};
  m.efflux_per_s = 0.003 / kHour;
  m.phagocytosed_fraction = 0.7;
  m.debris_release_per_s = 0.006 / kHour;
  m.free_clearance_per_s = 0.35 / kHour;
  return m;
}

BodyState infused(const BodyModel& m) {
  BodyState s = fate::empty_state(m);
  s.cells[0] = s.live[0] = 0.3, s.cells[1] = s.live[1] = 0.7;
  return s;
}

const std::vector<double> kTimes{1 * kHour, 4 * kHour, 24 * kHour, 72 * kHour, 168 * kHour};

/// From rates to five whole states: decomposition and responses.
void body_twelve_sites_five_times(benchmark::State& state) {
  const BodyModel m = twelve_sites(state.range(0) != 0);
  const BodyState start = infused(m);
  for (auto _ : state) benchmark::DoNotOptimize(fate::BodyModes(m).at(start, kTimes));
}
BENCHMARK(body_twelve_sites_five_times)->Arg(1)->Arg(0)->Unit(benchmark::kMicrosecond);

/// The same by the matrix exponential of the whole system.
void body_by_matrix_exponential(benchmark::State& state) {
  const BodyModel m = twelve_sites(true);
  const auto matrix = fate::system_matrix(m, false);
  const auto start = fate::to_vector(infused(m));
  for (auto _ : state)
    for (const double t : kTimes) benchmark::DoNotOptimize(numerics::propagate(matrix, start, t));
}
BENCHMARK(body_by_matrix_exponential)->Unit(benchmark::kMicrosecond);

/// 89Zr-oxine T cells in a mouse, seven regions in five scans: 28 unknowns.
fate::InferenceProblem mouse_study() {
  const auto& method = catalogue::method("zr89-oxine");
  const auto& cell = catalogue::cell("cd8-t");
  fate::InferenceProblem p;
  p.body = fate::make_body(method, cell, {});
  p.belief = fate::prior({}, method, cell);
  p.cells = 7e6, p.injected = 2.5e5, p.viability = 0.93, p.bound_fraction = 0.97;
  const std::vector<std::string> roles{"",     "liver",      "spleen", "lung",
                                       "bone", "lymph-node", "kidney"};
  for (std::size_t t = 0; t < kTimes.size(); ++t)
    for (const auto& role : roles) {
      fate::Observation o;
      o.scan = static_cast<int>(t);
      o.region = role.empty() ? "whole_body" : role;
      o.kind = {role.empty(), {role}, 1};
      o.t_s = kTimes[t];
      o.noise_sd = 500;
      p.observations.push_back(o);
    }
  // what the medians show
  const fate::Likelihood likelihood(p);
  const auto world = likelihood.space().at(std::vector<double>(likelihood.space().size(), 0.0));
  const auto predictions = likelihood.predict(world);
  for (std::size_t i = 0; i < predictions.size(); ++i)
    p.observations[i].value = predictions[i].total();
  return p;
}

void posterior_density(benchmark::State& state) {
  const auto problem = mouse_study();
  const fate::Likelihood likelihood(problem);
  const std::vector<double> z(likelihood.space().size(), 0.1);
  std::vector<double> gradient(z.size());
  for (auto _ : state)
    benchmark::DoNotOptimize(state.range(0) != 0 ? likelihood.log_posterior(z, gradient)
                                                 : likelihood.log_posterior(z));
}
BENCHMARK(posterior_density)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

/// Modes and four chains, as track samples them.
void posterior_sampled(benchmark::State& state) {
  const auto problem = mouse_study();
  for (auto _ : state) benchmark::DoNotOptimize(fate::infer(problem).lowest_effective);
}
BENCHMARK(posterior_sampled)->Unit(benchmark::kMillisecond);

}  // namespace
