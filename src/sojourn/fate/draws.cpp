#include "sojourn/fate/draws.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sojourn::fate {
namespace {

/// Shares the given label between living cells, dead cells (debris from the start) and plasma.
Start start_of(const Given& given, double death_per_s, double cells, double injected_bq,
               double viability, double bound_fraction) {
  const double living = std::clamp(
      viability * std::exp(-death_per_s * std::max(0.0, given.viability_age_s)), 0.0, 1.0);
  const double bound = injected_bq * std::clamp(bound_fraction, 0.0, 1.0);
  return {cells * living, bound * living, bound * (1 - living), injected_bq - bound};
}

std::optional<Detour> detour_of(const World& world, const Given& given) {
  if (!given.deferoxamine_s) return std::nullopt;
  return Detour{world.parameters.routes_deferoxamine, given.deferoxamine_s->first,
                given.deferoxamine_s->second};
}

}  // namespace

World central_world(const Belief& belief, const Given& given) {
  World world{medians(belief), {}};
  world.start = start_of(given, world.parameters.rates.death_per_s, given.cells, given.injected_bq,
                         given.viability, given.bound_fraction);
  return world;
}

World draw_world(const Belief& belief, const Given& given, const GivenSpread& spread,
                 std::uint64_t seed, std::uint64_t n) {
  core::Random random(seed, n);
  World world{draw(belief, random), {}};
  const double cells = given.cells * std::exp(spread.cells * random.normal());
  const double injected = given.injected_bq * std::exp(spread.activity * random.normal());
  const double viability =
      std::clamp(given.viability + spread.viability * random.normal(), 0.01, 1.0);
  const double bound =
      std::clamp(given.bound_fraction + spread.bound_fraction * random.normal(), 0.01, 1.0);
  world.start =
      start_of(given, world.parameters.rates.death_per_s, cells, injected, viability, bound);
  return world;
}

Moment moment_of(const World& world, const Given& given, double t_s) {
  const Rates& rates = world.parameters.rates;
  // while the first dose still runs in, what is there is as if it had just come
  double first_s = std::numeric_limits<double>::infinity();
  for (const auto& dose : given.doses) first_s = std::min(first_s, dose.at_s);
  t_s = std::max(t_s, first_s);
  Moment m;
  m.amounts = superpose(rates, world.start, given.doses, t_s);
  m.deposits = deposits(rates, world.start, given.doses, world.parameters.routes,
                        detour_of(world, given), t_s);
  double divided = 0, undivided = 0;
  for (const auto& dose : given.doses) {
    const double age = t_s - dose.at_s;
    if (age < 0) continue;
    divided += dose.share * std::exp((rates.division_per_s - rates.death_per_s) * age);
    undivided += dose.share * std::exp(-rates.death_per_s * age);
  }
  if (undivided > 0) m.expansion = divided / undivided;
  return m;
}

RegionDraw region_in(const Moment& moment, const RegionKind& region, double label_bq,
                     const Departure& departure, const DebrisBalance& debris,
                     double label_per_cell_factor) {
  const Amounts& a = moment.amounts;
  RegionDraw r;
  r.label_bq = std::max(0.0, label_bq);
  r.live_bq = live_label(region, r.label_bq, a, moment.deposits, departure, debris);
  r.label_per_cell_bq = a.cells > 0 ? a.live_bq / a.cells * label_per_cell_factor : 0;
  r.cells = r.label_per_cell_bq > 0 ? r.live_bq / r.label_per_cell_bq : 0;
  return r;
}

DebrisHistory history_of(const World& world, const Given& given, const RegionKind& region) {
  const Parameters& p = world.parameters;
  const auto has = [&](const char* role) {
    return std::find(region.roles.begin(), region.roles.end(), role) != region.roles.end();
  };
  double resident = 0, loose = 1;
  if (given.intravenous && p.dead_to_liver + p.dead_to_spleen > 0) {
    if (has("liver")) resident += p.dead_to_liver * region.fraction;
    if (has("spleen")) resident += p.dead_to_spleen * region.fraction;
    // What liver and spleen leave is held by capillaries and marrow; dead cells do not home.
    const bool holds = has("lung") || has("marrow") || has("blood") || has("muscle") || has("rest");
    loose = holds ? 1 - p.dead_to_liver - p.dead_to_spleen : 0;
  }
  return {p.rates, world.start, resident, loose};
}

}  // namespace sojourn::fate
