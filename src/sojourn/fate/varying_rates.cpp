#include "sojourn/fate/varying_rates.h"

#include <algorithm>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

/// What traffic does to one population's cells or label.
void move(const std::vector<BodySite>& sites, std::span<const double> x, std::span<double> dx) {
  for (std::size_t i = 1; i < sites.size(); ++i) {
    const double net = sites[i].homing_per_s * x[0] - sites[i].leaving_per_s * x[i];
    dx[0] -= net;
    dx[i] += net;
  }
}

/// Label of cells that die at `rate` in site i: to phagocytes there, to those blood reaches, and to
/// plasma.
void bury(const BodyModel& m, std::size_t i, double died, std::span<double> debris, double& free) {
  const double kept = m.phagocytosed_fraction * died, moved = m.sites[i].debris_moves * kept;
  debris[i] += kept - moved;
  for (std::size_t j = 0; j < m.sites.size(); ++j) debris[j] += moved * m.debris_shares[j];
  free += died - kept;
}

}  // namespace

double Expansion::division_at(double t_s, double resting_per_s) const {
  if (t_s < lag_s || t_s >= peak_s) return resting_per_s;
  const double risen = rise_s > 0 ? std::min(1.0, (t_s - lag_s) / rise_s) : 1;
  return resting_per_s + risen * (std::max(division_per_s, resting_per_s) - resting_per_s);
}

double Expansion::death_at(double t_s, double resting_per_s) const {
  return resting_per_s + (t_s < peak_s ? 0 : extra_death_per_s);
}

std::vector<double> Expansion::bends_s() const {
  std::vector<double> bends{lag_s, std::min(lag_s + rise_s, peak_s), peak_s};
  std::erase_if(bends, [](double t) { return !(t > 0); });
  std::sort(bends.begin(), bends.end());
  bends.erase(std::unique(bends.begin(), bends.end()), bends.end());
  return bends;
}

std::size_t ExpandingBody::size() const { return 5 * model.sites.size() + model.sinks.size() + 2; }

void ExpandingBody::slope(double t_s, std::span<const double> y, std::span<double> dydt,
                          bool chelated) const {
  const std::size_t n = model.sites.size();
  SOJOURN_EXPECT(y.size() == size() && dydt.size() == size() && antigen.size() == n);
  std::fill(dydt.begin(), dydt.end(), 0.0);
  const auto part = [&](auto all, std::size_t block) { return all.subspan(block * n, n); };
  for (std::size_t block = 0; block < 4; ++block)
    move(model.sites, part(y, block), part(dydt, block));
  auto debris = part(dydt, 4);
  double& free = dydt[5 * n];
  const double change = expansion.memory_at(t_s);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& site = model.sites[i];
    const double met = antigen[i];
    const double rest_division = site.division_per_s, rest_death = site.death_per_s;
    const double division =
        rest_division + met * (expansion.division_at(t_s, rest_division) - rest_division);
    const double death = rest_death + met * (expansion.death_at(t_s, rest_death) - rest_death);
    const double cells = y[i], label = y[n + i], memory = y[2 * n + i], kept = y[3 * n + i];
    dydt[i] += (division - death - change) * cells;
    dydt[n + i] -= (death + model.efflux_per_s + change) * label;
    dydt[2 * n + i] +=
        change * cells + (expansion.memory_division_per_s - expansion.memory_death_per_s) * memory;
    dydt[3 * n + i] += change * label - (expansion.memory_death_per_s + model.efflux_per_s) * kept;
    bury(model, i, death * label + expansion.memory_death_per_s * kept, debris, free);
    const double released = model.debris_release_per_s * y[4 * n + i];
    debris[i] -= released;
    free += released + model.efflux_per_s * (label + kept);
  }
  const double cleared = model.free_clearance_per_s * y[5 * n];
  free -= cleared;
  for (std::size_t k = 0; k < model.sinks.size(); ++k) {
    const auto& sink = model.sinks[k];
    const double left = sink.leaving_per_s * y[5 * n + 1 + k];
    dydt[5 * n + 1 + k] += cleared * (chelated ? sink.fraction_chelated : sink.fraction) - left;
    dydt.back() += left;
  }
}

std::vector<double> ExpandingBody::start(const BodyState& state) const {
  std::vector<double> y = state.cells;
  const std::vector<double> none(2 * model.sites.size(), 0.0);
  for (const auto* more : {&state.live, &none, &state.debris})
    y.insert(y.end(), more->begin(), more->end());
  y.push_back(state.free);
  y.insert(y.end(), state.held.begin(), state.held.end());
  y.push_back(state.excreted);
  return y;
}

BodyState ExpandingBody::together(std::span<const double> y) const {
  const std::size_t n = model.sites.size();
  SOJOURN_EXPECT(y.size() == size());
  BodyState state = empty_state(model);
  for (std::size_t i = 0; i < n; ++i) {
    state.cells[i] = y[i] + y[2 * n + i];
    state.live[i] = y[n + i] + y[3 * n + i];
    state.debris[i] = y[4 * n + i];
  }
  state.free = y[5 * n];
  for (std::size_t k = 0; k < state.held.size(); ++k) state.held[k] = y[5 * n + 1 + k];
  state.excreted = y.back();
  return state;
}

std::vector<double> ExpandingBody::memory_cells(std::span<const double> y) const {
  const std::size_t n = model.sites.size();
  const auto memory = y.subspan(2 * n, n);
  return {memory.begin(), memory.end()};
}

}  // namespace sojourn::fate
