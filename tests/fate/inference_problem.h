#pragma once
#include "sojourn/catalogue/catalogue.h"
#include "sojourn/fate/inference.h"
#include "sojourn/fate/likelihood.h"

/// Studies made of a problem's own prior.
namespace sojourn::test {

inline constexpr double kHour_s = 3600;

/// 89Zr-oxine CD8 T cells in a mouse: regions at these hours, values still to be set.
inline fate::InferenceProblem mouse_problem(const std::vector<double>& hours) {
  const auto& method = catalogue::method("zr89-oxine");
  const auto& cell = catalogue::cell("cd8-t");
  fate::InferenceProblem p;
  p.body = fate::make_body(method, cell, {});
  p.belief = fate::prior({}, method, cell);
  p.cells = 7e6;
  p.injected = 2.5e5;
  p.viability = 0.93;
  p.bound_fraction = 0.97;
  const std::pair<const char*, fate::RegionKind> regions[] = {
      {"whole_body", {true, {}, 1}},         {"liver", {false, {"liver"}, 1}},
      {"spleen", {false, {"spleen"}, 1}},    {"lungs", {false, {"lung"}, 1}},
      {"nodes", {false, {"lymph-node"}, 1}}, {"skeleton", {false, {"bone", "marrow"}, 1}},
      {"kidneys", {false, {"kidney"}, 1}}};
  int scan = 0;
  for (const double h : hours) {
    ++scan;
    for (const auto& [name, kind] : regions) {
      fate::Observation o;
      o.scan = scan;
      o.region = name;
      o.kind = kind;
      o.t_s = h * kHour_s;
      o.noise_sd = 0.002 * p.injected;
      o.recovery_relative_sd = kind.whole_body ? 0 : 0.05;
      p.observations.push_back(o);
    }
  }
  return p;
}

/// A truth of the prior, its measurements put into the problem; the cells of every observation.
inline std::vector<double> draw_study(fate::InferenceProblem& p, std::uint64_t seed) {
  const fate::Likelihood likelihood(p);
  core::Random random(seed, 77);
  std::vector<double> z(likelihood.space().size());
  for (auto& x : z) x = random.normal();
  const auto world = likelihood.space().at(z);
  const auto predictions = likelihood.predict(world);
  const auto departures = likelihood.draw_departures(predictions, random);
  const auto values = likelihood.measured(predictions, departures);
  for (std::size_t i = 0; i < values.size(); ++i) p.observations[i].value = values[i];
  return likelihood.truth(predictions, departures, random).cells;
}

}  // namespace sojourn::test
