#include "sojourn/trial/virtual_truth.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/random.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/given.h"
#include "sojourn/fate/likelihood.h"

namespace sojourn::trial {
namespace {

using core::format_number;

std::vector<std::string> compartments_of(const fate::BodyModel& model) {
  std::set<std::string> ids;
  for (const auto& site : model.sites) ids.insert(site.id);
  for (const auto& sink : model.sinks) ids.insert(sink.id);
  return {ids.begin(), ids.end()};
}

fate::InferenceProblem problem_of(const VirtualPlan& plan, int tumours) {
  const auto& study = plan.study;
  std::vector<std::string> unsaid;
  fate::CountRequest request;
  request.study = &study;
  request.half_life_s = plan.half_life_s;
  request.injected_bq = plan.injected_bq;
  request.syringe_bq = plan.syringe_bq;
  const auto known = fate::knowledge_of(request, unsaid);
  fate::InferenceProblem p;
  fate::BodySetting setting;
  setting.species = study.subject.species;
  setting.route = study.infusions.front().route;
  setting.tumours = tumours;
  p.body = fate::make_body(catalogue::method(plan.method),
                           catalogue::cell(study.infusions.front().cells), setting);
  p.belief = known.belief;
  p.cells = known.given.cells;
  p.injected = plan.injected_bq;
  p.viability =
      known.given.viability * std::exp(-known.belief.death.median * known.given.viability_age_s);
  p.bound_fraction = known.given.bound_fraction;
  p.doses = known.given.doses;
  for (auto& dose : p.doses) dose.at_s = std::max(0.0, dose.at_s);
  if (known.given.deferoxamine_s)
    p.chelation = fate::Chelation{std::max(0.0, known.given.deferoxamine_s->first),
                                  known.given.deferoxamine_s->second};
  p.growth = known.growth;
  p.retention = known.retention;
  return p;
}

/// hours, value, sd with the relative errors of the study's own cultures.
template <typename Value>
std::string culture(const char* column, const std::vector<fate::AssayPoint>& points,
                    const Value& value, core::Random& random, bool noise_free) {
  if (points.empty()) return {};
  core::Tsv table({"hours", column, "sd"});
  for (const auto& point : points) {
    const double relative = point.sd / point.value;
    const double drawn =
        value(point.hours) * (noise_free ? 1 : std::exp(relative * random.normal()));
    table.add(
        {format_number(point.hours), format_number(drawn, 6), format_number(relative * drawn, 4)});
  }
  return table.to_text();
}

}  // namespace

VirtualHolding& VirtualHolding::add(const VirtualHolding& more, double part) {
  live_bq += part * more.live_bq;
  debris_bq += part * more.debris_bq;
  free_bq += part * more.free_bq;
  cells += part * more.cells;
  return *this;
}

VirtualTruth draw_truth(const VirtualPlan& plan, int tumours, std::uint64_t seed, bool noise_free) {
  auto p = problem_of(plan, tumours);
  const auto ids = compartments_of(p.body.model);
  for (const auto& scan : plan.scans) {
    for (const auto& id : ids) {
      fate::Observation o;
      o.scan = scan.number;
      o.region = id;
      o.kind.roles = {id};
      o.t_s = scan.mid_s();
      o.noise_sd = 1;  // nothing is fitted: no value is looked at
      p.observations.push_back(o);
    }
  }
  const fate::Likelihood likelihood(p);
  core::Random random(seed, std::uint64_t{1} << 60);
  std::vector<double> z(likelihood.space().size());
  for (auto& x : z) x = random.normal();
  const auto world = likelihood.space().at(z);
  const auto all = likelihood.predict(world);
  VirtualTruth truth;
  std::size_t row = 0;
  for (std::size_t s = 0; s < plan.scans.size(); ++s) {
    truth.holdings.emplace_back();
    for (const auto& id : ids) {
      const auto& q = all[row++];
      truth.holdings.back()[id] = {q.live, q.debris, q.free, q.cells};
    }
  }
  truth.growth_tsv = culture(
      "fold", p.growth, [&](double h) { return likelihood.growth(world, h); }, random, noise_free);
  truth.retention_tsv = culture(
      "fraction", p.retention, [&](double h) { return likelihood.retention(world, h); }, random,
      noise_free);
  return truth;
}

}  // namespace sojourn::trial
