#include "sojourn/fate/body_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"

namespace sojourn::fate {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

void add(std::vector<double>& to, const std::vector<double>& from) {
  SOJOURN_EXPECT(to.size() == from.size());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

void must_be_rate(double value, const std::string& what) {
  if (!(value >= 0) || !std::isfinite(value))
    throw Error(ErrorCode::bad_value,
                fmt::format("{} is {} (a rate is not negative)", what, value));
}

void must_sum_to_one(double value, const char* what) {
  if (!(std::abs(value - 1) < 1e-9))
    throw Error(ErrorCode::bad_value, fmt::format("{} sum to {}, not to 1", what, value));
}

}  // namespace

std::size_t BodyModel::site(const std::string& id) const {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].id == id) return i;
    known.push_back(sites[i].id);
  }
  refuse("\"{}\" is no site of this body{}", id, core::suggestion(id, known));
}

void BodyModel::check() const {
  if (sites.empty() || sites.front().id != "blood")
    throw Error(ErrorCode::bad_value, "the first site of a body is blood");
  for (const auto& s : sites) {
    must_be_rate(s.homing_per_s, "homing to " + s.id);
    must_be_rate(s.leaving_per_s, "leaving " + s.id);
    must_be_rate(s.division_per_s, "division in " + s.id);
    must_be_rate(s.death_per_s, "death in " + s.id);
    if (!(s.debris_moves >= 0 && s.debris_moves <= 1))
      throw Error(ErrorCode::bad_value, "debris_moves of " + s.id + " is not between 0 and 1");
  }
  double usual = 0, chelated = 0;
  for (const auto& s : sinks) {
    must_be_rate(s.leaving_per_s, "leaving " + s.id);
    must_be_rate(s.fraction, "fraction to " + s.id);
    must_be_rate(s.fraction_chelated, "fraction to " + s.id + " with deferoxamine");
    usual += s.fraction, chelated += s.fraction_chelated;
  }
  must_sum_to_one(usual, "the fractions of free label");
  must_sum_to_one(chelated, "the fractions of free label with deferoxamine");
  must_be_rate(efflux_per_s, "efflux");
  must_be_rate(debris_release_per_s, "debris release");
  must_be_rate(free_clearance_per_s, "free clearance");
  if (!(phagocytosed_fraction >= 0 && phagocytosed_fraction <= 1))
    throw Error(ErrorCode::bad_value, "the phagocytosed fraction is not between 0 and 1");
  if (debris_shares.size() != sites.size())
    throw Error(ErrorCode::shape_mismatch, "debris_shares has not one share for each site");
  must_sum_to_one(sum(debris_shares), "debris_shares");
}

double BodyState::total_label() const {
  return sum(live) + sum(debris) + free + sum(held) + excreted;
}
double BodyState::total_cells() const { return sum(cells); }
double BodyState::total_live() const { return sum(live); }

BodyState& BodyState::operator+=(const BodyState& other) {
  add(cells, other.cells);
  add(live, other.live);
  add(debris, other.debris);
  free += other.free;
  add(held, other.held);
  excreted += other.excreted;
  return *this;
}

BodyState empty_state(const BodyModel& model) {
  const std::vector<double> none(model.sites.size(), 0.0);
  return {none, none, none, 0, std::vector<double>(model.sinks.size(), 0.0), 0};
}

std::vector<double> system_matrix(const BodyModel& m, bool chelated) {
  const std::size_t sites = m.sites.size(), size = 3 * sites + m.sinks.size() + 2;
  const std::size_t free = 3 * sites, excreted = size - 1;
  std::vector<double> a(size * size, 0.0);
  const auto flow = [&](std::size_t from, std::size_t to, double rate) {
    a[to * size + from] += rate;
    a[from * size + from] -= rate;
  };
  for (std::size_t i = 0; i < sites; ++i) {
    const auto& s = m.sites[i];
    a[i * size + i] += s.division_per_s - s.death_per_s;
    if (i > 0) {
      for (const std::size_t of : {std::size_t{0}, sites}) {
        flow(of, of + i, s.homing_per_s);
        flow(of + i, of, s.leaving_per_s);
      }
    }
    const std::size_t live = sites + i, kept = 2 * sites;
    const double engulfed = m.phagocytosed_fraction * s.death_per_s;
    flow(live, kept + i, engulfed * (1 - s.debris_moves));
    for (std::size_t j = 0; j < sites; ++j)
      flow(live, kept + j, engulfed * s.debris_moves * m.debris_shares[j]);
    flow(live, free, m.efflux_per_s + (1 - m.phagocytosed_fraction) * s.death_per_s);
    flow(kept + i, free, m.debris_release_per_s);
  }
  for (std::size_t k = 0; k < m.sinks.size(); ++k) {
    const auto& s = m.sinks[k];
    flow(free, free + 1 + k,
         m.free_clearance_per_s * (chelated ? s.fraction_chelated : s.fraction));
    flow(free + 1 + k, excreted, s.leaving_per_s);
  }
  return a;
}

std::vector<double> to_vector(const BodyState& s) {
  std::vector<double> x = s.cells;
  x.insert(x.end(), s.live.begin(), s.live.end());
  x.insert(x.end(), s.debris.begin(), s.debris.end());
  x.push_back(s.free);
  x.insert(x.end(), s.held.begin(), s.held.end());
  x.push_back(s.excreted);
  return x;
}

BodyState to_state(const BodyModel& model, const std::vector<double>& x) {
  const std::size_t sites = model.sites.size(), sinks = model.sinks.size();
  if (x.size() != 3 * sites + sinks + 2)
    throw Error(ErrorCode::shape_mismatch, "a state of another body");
  const auto part = [&](std::size_t from, std::size_t count) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  return {part(0, sites), part(sites, sites),         part(2 * sites, sites),
          x[3 * sites],   part(3 * sites + 1, sinks), x.back()};
}

}  // namespace sojourn::fate
