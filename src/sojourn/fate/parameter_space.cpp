#include "sojourn/fate/parameter_space.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/fate/body_belief.h"

namespace sojourn::fate {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double logit(double p) { return std::log(p / (1 - p)); }
constexpr double kEdge = 1e-4;  // parts are kept this far from 0 and 1

/// A part of a whole, moved on the logit of itself.
double moved_logit(double part, double logit_sd, double z) {
  return logistic(logit(std::clamp(part, kEdge, 1 - kEdge)) + logit_sd * z);
}

/// The same for a standard deviation of the part: on the logit sd / (p (1 - p)), at most 1.
double moved_part(double part, double sd, double z) {
  const double inside = std::clamp(part, kEdge, 1 - kEdge);
  return moved_logit(part, std::min(1.0, sd / (inside * (1 - inside))), z);
}

/// Sites that a region shows: the model's other sites keep the tables' traffic.
std::set<std::string> shown_sites(const InferenceProblem& problem) {
  std::set<std::string> shown;
  for (const auto& o : problem.observations) shown.insert(o.kind.roles.begin(), o.kind.roles.end());
  return shown;
}

bool shows(const InferenceProblem& p, Signal signal) {
  return std::any_of(p.observations.begin(), p.observations.end(),
                     [&](const auto& o) { return o.signal == signal; });
}

constexpr std::array<const char*, kCultureRates> kTransfers{
    "division_in_culture_over_body", "death_in_culture_over_body", "efflux_in_culture_over_body"};

}  // namespace

ParameterSpace::ParameterSpace(const InferenceProblem& problem) : problem_(&problem) {
  std::set<std::string> regions;
  for (const auto& o : problem.observations) regions.insert(o.region);
  regions_.assign(regions.begin(), regions.end());
  if (problem.infused) add_infusion();
  add_tracers();
}

void ParameterSpace::add_infusion() {
  const auto& problem = *problem_;
  body_ = shared_body(problem.body);
  add_beliefs(!problem.retention.empty() || !problem.growth.empty());
  add_traffic();
  entries_.push_back({Kind::viability, 0, "viability"});
  if (problem.body.carries_label) entries_.push_back({Kind::bound, 0, "bound_fraction"});
  // the label alone cannot show a wrong count of the cells: it is then drawn with the result
  counted_ = shows(problem, Signal::tracer) || shows(problem, Signal::cells);
  if (counted_) entries_.push_back({Kind::counted, 0, "cells_over_stated"});
  add_fractions();
}

void ParameterSpace::add_fractions() {
  for (std::size_t r = 0; r < regions_.size(); ++r)
    if (problem_->fraction_ln_sd.contains(regions_[r]))
      entries_.push_back({Kind::fraction, r, "fraction_over_guessed_" + regions_[r]});
}

void ParameterSpace::add_beliefs(bool assayed) {
  const auto& p = *problem_;
  const auto beliefs = in_order(p.belief);
  constexpr std::size_t kOfCells = 2, kOfChelator = 10, kOfDead = 12;
  for (std::size_t i = 0; i < kBeliefs; ++i) {
    // methods without a label in the cells know division and death alone
    if (i >= kOfCells && !p.body.carries_label) break;
    if (beliefs[i]->median == 0 || beliefs[i]->ln_sd == 0) continue;
    if (i >= kOfChelator && i < kOfDead && !p.chelation) continue;
    entries_.push_back({Kind::belief, i, belief_names()[i]});
  }
  if (!assayed) return;
  for (std::size_t i = 0; i < kCultureRates; ++i)
    if (beliefs[i]->median > 0) entries_.push_back({Kind::transfer, i, kTransfers[i]});
}

void ParameterSpace::add_traffic() {
  const auto& sites = problem_->body.model.sites;
  const auto shown = shown_sites(*problem_);
  entries_.push_back({Kind::blood, 0, "residence_blood_s"});
  for (std::size_t i = 1; i < sites.size(); ++i) {
    if (!shown.contains(sites[i].id)) continue;
    entries_.push_back({Kind::homing, i, "homing_" + sites[i].id + "_per_s"});
    entries_.push_back({Kind::residence, i, "residence_" + sites[i].id + "_s"});
  }
  const std::size_t lung = problem_->body.model.site("lung");
  if (body_.entry[lung] > 0 && body_.entry[lung] < 1)
    entries_.push_back({Kind::lung, lung, "starts_in_lung_fraction"});
}

void ParameterSpace::add_tracers() {
  for (std::size_t t = 0; t < problem_->tracers.size(); ++t) {
    const auto& tracer = problem_->tracers[t];
    entries_.push_back({Kind::uptake, t, "uptake_per_cell_" + tracer.id + "_bq"});
    for (std::size_t r = 0; r < regions_.size(); ++r) {
      const std::string which = tracer.id + "_" + regions_[r];
      const std::size_t index = t * regions_.size() + r;
      if (tracer.background.contains(regions_[r]))
        entries_.push_back({Kind::background, index, "background_" + which + "_bq"});
      if (tracer.residents.contains(regions_[r]))
        entries_.push_back({Kind::residents, index, "resident_cells_" + which});
    }
  }
}

std::vector<ParameterSpace::Shared> ParameterSpace::shared_signals() const {
  const auto find = [&](Kind kind, std::size_t index) {
    return static_cast<std::size_t>(
        std::find_if(entries_.begin(), entries_.end(),
                     [&](const Entry& e) { return e.kind == kind && e.index == index; }) -
        entries_.begin());
  };
  std::vector<Shared> all;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const auto& entry = entries_[k];
    if (entry.kind != Kind::residents) continue;
    const std::size_t tracer = entry.index / regions_.size();
    const Shared one{k,
                     find(Kind::background, entry.index),
                     find(Kind::uptake, tracer),
                     of_region(&TracerBelief::residents, entry.index),
                     {},
                     problem_->tracers[tracer].uptake_per_cell};
    if (one.background == entries_.size()) continue;
    all.push_back(one);
    all.back().background_bq = of_region(&TracerBelief::background, entry.index);
  }
  return all;
}

std::size_t ParameterSpace::region(const std::string& name) const {
  const auto at = std::lower_bound(regions_.begin(), regions_.end(), name);
  SOJOURN_EXPECT(at != regions_.end() && *at == name);
  return static_cast<std::size_t>(at - regions_.begin());
}

LogNormal ParameterSpace::of_region(std::map<std::string, LogNormal> TracerBelief::*map,
                                    std::size_t index) const {
  return (problem_->tracers[index / regions_.size()].*map).at(regions_[index % regions_.size()]);
}

void ParameterSpace::move(const Entry& entry, double z, InferredWorld& world) const {
  const auto& p = *problem_;
  SharedBody& body = world.body;
  const std::size_t i = entry.index;
  const auto traffic = [&] { return std::exp(p.spread.traffic_ln_sd * z); };
  switch (entry.kind) {
    case Kind::belief:
      break;  // all of them together: some depend on others
    case Kind::transfer:
      world.culture_per_s[i] = std::exp(kTransferLnSd * z);
      break;
    case Kind::homing:
      body.homing_per_s[i] *= traffic();
      break;
    case Kind::residence:
      body.leaving_per_s[i] /= traffic();
      break;
    case Kind::blood: {
      const double factor = traffic();
      for (auto& homing : body.homing_per_s) homing /= factor;
      break;
    }
    case Kind::lung: {
      const double before = body.entry[i], now = moved_logit(before, p.spread.lung_logit_sd, z);
      for (auto& part : body.entry) part *= (1 - now) / (1 - before);
      body.entry[i] = now;
      break;
    }
    case Kind::viability:
      world.viability = moved_part(p.viability, p.spread.viability, z);
      break;
    case Kind::bound:
      world.bound_fraction = moved_part(p.bound_fraction, p.spread.bound_fraction, z);
      break;
    case Kind::counted:
      world.counted = std::exp(p.spread.cells * z);
      break;
    case Kind::fraction:
      world.fraction[i] = std::exp(p.fraction_ln_sd.at(regions_[i]) * z);
      break;
    case Kind::uptake:
      world.uptake[i] = p.tracers[i].uptake_per_cell.at(z);
      break;
    case Kind::background:
      world.background[i] = of_region(&TracerBelief::background, i).at(z);
      break;
    case Kind::residents:
      world.residents[i] = of_region(&TracerBelief::residents, i).at(z);
      break;
  }
}

InferredWorld ParameterSpace::at(std::span<const double> z) const {
  const auto& p = *problem_;
  InferredWorld world{body_, p.viability, p.bound_fraction, 1, {1, 1, 1}, {}, {}, {}, {}};
  world.fraction.assign(regions_.size(), 1.0);
  world.uptake.resize(p.tracers.size());
  world.background.resize(p.tracers.size() * regions_.size(), 0.0);
  world.residents.resize(p.tracers.size() * regions_.size(), 0.0);
  std::array<double, kBeliefs> scores{};
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    if (entries_[k].kind == Kind::belief)
      scores[entries_[k].index] = z[k];
    else
      move(entries_[k], z[k], world);
  }
  if (!p.infused) return world;
  apply_belief(p.belief, scores, p.body, world.body);
  const Rates& r = world.body.rates;
  const RateTriple rates{r.division_per_s, r.death_per_s, r.efflux_per_s};
  for (std::size_t i = 0; i < kCultureRates; ++i) world.culture_per_s[i] *= rates[i];
  return world;
}

double ParameterSpace::natural(std::size_t k, double z) const {
  const auto& p = *problem_;
  const std::size_t i = entries_[k].index;
  const double factor = std::exp(p.spread.traffic_ln_sd * z);
  switch (entries_[k].kind) {
    case Kind::belief: {
      // rates and fractions alike; what of a fraction lies over 1 acts as 1
      const bool part =
          std::string_view(belief_names()[i]).find("fraction") != std::string_view::npos;
      const double value = in_order(p.belief)[i]->at(z);
      return part ? std::min(1.0, value) : value;
    }
    case Kind::transfer:
      return std::exp(kTransferLnSd * z);
    case Kind::homing:
      return body_.homing_per_s[i] * factor;
    case Kind::residence:
      return factor / body_.leaving_per_s[i];
    case Kind::blood: {
      double homing = 0;
      for (std::size_t s = 1; s < body_.homing_per_s.size(); ++s) homing += body_.homing_per_s[s];
      return factor / homing;
    }
    case Kind::lung:
      return moved_logit(body_.entry[i], p.spread.lung_logit_sd, z);
    case Kind::viability:
      return moved_part(p.viability, p.spread.viability, z);
    case Kind::bound:
      return moved_part(p.bound_fraction, p.spread.bound_fraction, z);
    case Kind::counted:
      return std::exp(p.spread.cells * z);
    case Kind::fraction:
      return std::exp(p.fraction_ln_sd.at(regions_[i]) * z);
    case Kind::uptake:
      return p.tracers[i].uptake_per_cell.at(z);
    case Kind::background:
      return of_region(&TracerBelief::background, i).at(z);
    case Kind::residents:
      return of_region(&TracerBelief::residents, i).at(z);
  }
  return 0;
}

}  // namespace sojourn::fate
