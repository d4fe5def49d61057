#include "sojourn/fate/parameter_space.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/fate/infer_belief.h"

namespace sojourn::fate {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double logit(double p) { return std::log(p / (1 - p)); }

/// A part of a whole, moved by z standard deviations on the logit of itself, kept inside (0, 1).
double moved_part(double part, double sd, double z) {
  constexpr double kEdge = 1e-4;
  const double inside = std::clamp(part, kEdge, 1 - kEdge);
  // sd is of the part: on the logit it is sd / (p (1 - p)), at most 1
  return logistic(logit(inside) + std::min(1.0, sd / (inside * (1 - inside))) * z);
}

/// Sites that a region shows: the model's other sites keep the tables' traffic.
std::set<std::string> shown_sites(const InferenceProblem& problem) {
  std::set<std::string> shown;
  for (const auto& o : problem.observations) shown.insert(o.kind.roles.begin(), o.kind.roles.end());
  return shown;
}

}  // namespace

void ParameterSpace::add(std::string name, Entry::Kind kind, std::size_t index) {
  names_.push_back(std::move(name));
  entries_.push_back({kind, index});
}

ParameterSpace::ParameterSpace(const InferenceProblem& problem) : problem_(&problem) {
  using Kind = Entry::Kind;
  const auto names = belief_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    // methods without a label in the cells know division and death alone
    const bool of_cells = i < 2;
    if (of_cells || problem.body.carries_label) add(names[i], Kind::belief, i);
  }
  const auto shown = shown_sites(problem);
  const auto& sites = problem.body.model.sites;
  add("residence_blood_s", Kind::blood);
  for (std::size_t i = 1; i < sites.size(); ++i) {
    if (!shown.contains(sites[i].id)) continue;
    add("homing_" + sites[i].id + "_per_s", Kind::homing, i);
    add("residence_" + sites[i].id + "_s", Kind::residence, i);
  }
  const std::size_t lung = problem.body.model.site("lung");
  if (problem.body.entry[lung] > 0) add("starts_in_lung_fraction", Kind::lung, lung);
  add("viability", Kind::viability);
  if (problem.body.carries_label) add("bound_fraction", Kind::bound);
  std::set<std::string> regions;
  for (const auto& o : problem.observations) regions.insert(o.region);
  regions_.assign(regions.begin(), regions.end());
  if (!problem.tracer) return;
  add("uptake_per_cell_bq", Kind::uptake);
  for (std::size_t r = 0; r < regions_.size(); ++r)
    add("background_" + regions_[r] + "_bq", Kind::background, r);
}

std::size_t ParameterSpace::region(const std::string& name) const {
  const auto at = std::lower_bound(regions_.begin(), regions_.end(), name);
  SOJOURN_EXPECT(at != regions_.end() && *at == name);
  return static_cast<std::size_t>(at - regions_.begin());
}

InferredWorld ParameterSpace::at(std::span<const double> z) const {
  using Kind = Entry::Kind;
  const auto& p = *problem_;
  InferredWorld world{p.body, p.viability, p.bound_fraction, 0, {}};
  std::vector<double> scores(belief_names().size(), 0.0);
  if (p.tracer) {
    world.uptake = p.tracer->uptake_per_cell.median;
    world.backgrounds.resize(regions_.size(), 0.0);
  }
  BodyModel& model = world.body.model;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const auto [kind, index] = entries_[k];
    const double factor = std::exp(p.spread.traffic_ln_sd * z[k]);
    switch (kind) {
      case Kind::belief:
        scores[index] = z[k];
        break;
      case Kind::homing:
        model.sites[index].homing_per_s *= factor;
        break;
      case Kind::residence:
        model.sites[index].leaving_per_s /= factor;
        break;
      case Kind::blood:
        for (auto& site : model.sites) site.homing_per_s /= factor;
        break;
      case Kind::lung: {
        auto& entry = world.body.entry;
        const double before = entry[index];
        const double now =
            logistic(logit(std::clamp(before, 1e-4, 1 - 1e-4)) + p.spread.lung_logit_sd * z[k]);
        for (auto& part : entry) part *= (1 - now) / (1 - before);
        entry[index] = now;
        break;
      }
      case Kind::viability:
        world.viability = moved_part(p.viability, p.spread.viability, z[k]);
        break;
      case Kind::bound:
        world.bound_fraction = moved_part(p.bound_fraction, p.spread.bound_fraction, z[k]);
        break;
      case Kind::uptake:
        world.uptake = p.tracer->uptake_per_cell.at(z[k]);
        break;
      case Kind::background: {
        const auto found = p.tracer->background.find(regions_[index]);
        world.backgrounds[index] = found == p.tracer->background.end() ? 0 : found->second.at(z[k]);
        break;
      }
    }
  }
  apply_belief(p.belief, scores, world.body);
  return world;
}

double ParameterSpace::natural(std::size_t k, double z) const {
  using Kind = Entry::Kind;
  const auto& p = *problem_;
  const auto [kind, index] = entries_[k];
  const double factor = std::exp(p.spread.traffic_ln_sd * z);
  const auto& sites = p.body.model.sites;
  switch (kind) {
    case Kind::belief:
      return belief_value(p.belief, index, z);
    case Kind::homing:
      return sites[index].homing_per_s * factor;
    case Kind::residence:
      return factor / sites[index].leaving_per_s;
    case Kind::blood: {
      double homing = 0;
      for (const auto& site : sites) homing += site.homing_per_s;
      return factor / homing;
    }
    case Kind::lung:
      return logistic(logit(std::clamp(p.body.entry[index], 1e-4, 1 - 1e-4)) +
                      p.spread.lung_logit_sd * z);
    case Kind::viability:
      return moved_part(p.viability, p.spread.viability, z);
    case Kind::bound:
      return moved_part(p.bound_fraction, p.spread.bound_fraction, z);
    case Kind::uptake:
      return p.tracer->uptake_per_cell.at(z);
    case Kind::background:
      break;
  }
  const auto found = p.tracer->background.find(regions_[index]);
  return found == p.tracer->background.end() ? 0 : found->second.at(z);
}

}  // namespace sojourn::fate
