#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/given.h"
#include "sojourn/fate/inference.h"
#include "sojourn/fate/observe.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

using records::CellEstimate;
using records::Measurement;

/// The infusion as the study and the catalogue tell it.
void take_infusion(const CountRequest& request, const Knowledge& known, int tumours,
                   InferenceProblem& p) {
  const auto& study = *request.study;
  const auto& infusion = study.infusions.front();
  BodySetting setting;
  setting.species = study.subject.species;
  setting.route = infusion.route;
  setting.tumours = tumours;
  const std::string id = request.half_life_s > 0 ? "label" : request.tracers.front().id;
  const auto method = std::find_if(study.administrations.begin(), study.administrations.end(),
                                   [&](const auto& a) { return a.id == id; });
  p.body = make_body(catalogue::method(method->method), catalogue::cell(infusion.cells), setting);
  p.belief = known.belief;
  p.cells = known.given.cells;
  p.injected = request.half_life_s > 0 ? known.given.injected_bq : 1;
  p.viability =
      known.given.viability * std::exp(-known.belief.death.median * known.given.viability_age_s);
  p.bound_fraction = known.given.bound_fraction;
  p.doses = known.given.doses;
  for (auto& dose : p.doses) dose.at_s = std::max(0.0, dose.at_s);
  if (known.given.deferoxamine_s)
    p.chelation = Chelation{std::max(0.0, known.given.deferoxamine_s->first),
                            known.given.deferoxamine_s->second};
  p.retention = known.retention;
  p.growth = known.growth;
}

/// Whose signal a tracer shows: the infused cells, or, for a probe without infusion, the cells that
/// bear its target.
const catalogue::Cell& shown_by(const CountRequest& request, const TracerGiven& tracer) {
  const auto& infusions = request.study->infusions;
  if (!infusions.empty()) return catalogue::cell(infusions.front().cells);
  const auto& method = catalogue::method(tracer.method);
  const std::string bearer = bearer_of(method);
  if (bearer.empty())
    refuse("{}: the catalogue names no cells that bear its target, so none can be counted",
           method.name);
  return catalogue::cell(bearer);
}

/// One observation's cells in words and numbers of the output.
struct Reading {
  const Measurement* measured = nullptr;
  double decay = 1;              ///< from the administration to the measurement
  double naive_bq_per_cell = 0;  ///< decay-corrected
};

CellEstimate estimate(const Reading& reading, const RegionPosterior& draws) {
  const Measurement& m = *reading.measured;
  CellEstimate e;
  e.scan = m.scan;
  e.hours = m.hours;
  e.region = m.region;
  e.cells_lo95 = numerics::quantile(draws.cells, 0.025);
  e.cells_hi95 = numerics::quantile(draws.cells, 0.975);
  e.cells = numerics::quantile(draws.cells, 0.5);
  e.cells_naive = m.activity_bq / reading.decay / reading.naive_bq_per_cell;
  e.live_label_fraction = numerics::quantile(draws.live_fraction, 0.5);
  e.label_per_live_cell_bq = numerics::quantile(draws.label_per_cell, 0.5) * reading.decay;
  e.expansion = numerics::quantile(draws.expansion, 0.5);
  if (!m.detection_limit_bq) return e;
  const double limit = *m.detection_limit_bq;
  if (e.label_per_live_cell_bq > 0) e.detection_limit_cells = limit / e.label_per_live_cell_bq;
  const auto above = std::count_if(draws.live.begin(), draws.live.end(),
                                   [&](double live) { return live * reading.decay > limit; });
  e.probability_above_limit = static_cast<double>(above) / static_cast<double>(draws.live.size());
  return e;
}

records::PosteriorSummary summary_of(const InferenceProblem& problem, const Posterior& posterior) {
  records::PosteriorSummary s;
  s.converged = posterior.converged;
  s.message = posterior.message;
  s.highest_r_hat = posterior.highest_r_hat;
  s.lowest_effective = posterior.lowest_effective;
  s.predictive_p = posterior.predictive_p;
  for (const auto& p : posterior.parameters)
    s.parameters.push_back(
        {p.name, p.prior_median, p.prior_lo95, p.prior_hi95, p.median, p.lo95, p.hi95, p.as_prior});
  if (!problem.infused || !problem.body.carries_label) return s;
  constexpr std::size_t kShown = 500;
  const std::size_t n = posterior.bone_free.size(), step = std::max<std::size_t>(1, n / kShown);
  for (std::size_t k = 0; k < n; k += step) {
    s.bone_free.push_back(posterior.bone_free[k]);
    s.marrow_cells.push_back(posterior.marrow_cells[k]);
  }
  return s;
}

void say_what_was_learnt(const InferenceProblem& problem, const Posterior& posterior,
                         std::vector<std::string>& warnings) {
  std::set<double> times;
  for (const auto& o : problem.observations) times.insert(o.t_s);
  std::string silent;
  for (const auto& p : posterior.parameters)
    if (p.as_prior) silent += (silent.empty() ? "" : ", ") + p.name;
  if (!silent.empty())
    warnings.push_back("the measurements say nothing of these, their priors stand: " + silent);
  if (problem.infused && times.size() < 2)
    warnings.push_back(
        "one time point: rates are not learnt from it, the counts rest on priors and assays");
  constexpr double kMisfit = 0.05;
  if (posterior.predictive_p < kMisfit)
    warnings.push_back(fmt::format(
        "the model does not fit the measurements (posterior predictive p = {:.2g}): a region, a "
        "recovery or the model's constant rates are wrong; intervals may be too narrow",
        posterior.predictive_p));
}

class PosteriorCounter final : public CellCounter {
 public:
  [[nodiscard]] CountResult count(const CountRequest& request) const override {
    SOJOURN_EXPECT(request.study != nullptr && request.measurements != nullptr);
    const bool labelled = request.half_life_s > 0;
    CountResult result;
    if (labelled) result = closed_form_counter()->count(request);
    InferenceProblem problem;
    Observed observed = observe(request, result.warnings);
    problem.infused = !request.study->infusions.empty();
    if (problem.infused) {
      std::vector<std::string> said;  // the closed form has said it
      const Knowledge known = labelled ? knowledge_of(request, said)
                                       : knowledge_without_label(*request.study, result.warnings);
      take_infusion(request, known, observed.tumours, problem);
      if (!labelled) result.citations = known.citations;
      add_ex_vivo(*request.study, labelled ? problem.injected : 0, observed, result.warnings);
    }
    for (const auto& tracer : request.tracers)
      problem.tracers.push_back(tracer_belief(tracer, shown_by(request, tracer),
                                              request.study->subject.species, request.body_mass_g,
                                              *request.measurements));
    if (std::none_of(observed.measured.begin(), observed.measured.end(),
                     [](const auto* m) { return m != nullptr; })) {
      result.warnings.push_back(
          "no measured region shows cells: none are counted by the whole-body model");
      return result;
    }
    problem.observations = std::move(observed.rows);
    problem.fraction_ln_sd = std::move(observed.fraction_ln_sd);
    InferenceOptions options;
    options.seed = request.seed;
    const Posterior posterior = infer(problem, options);
    result.posterior = summary_of(problem, posterior);
    result.citations.insert(result.citations.end(), problem.body.citations.begin(),
                            problem.body.citations.end());
    if (!posterior.converged) {
      result.warnings.push_back(
          "the sampling of the posterior failed (" + posterior.message +
          "): " + (labelled ? "counts are those of the closed form" : "no cells are counted"));
      return result;
    }
    result.model = "label and cells in the whole body, posterior by sampling, version 1";
    replace(request, problem, posterior, observed.measured, result);
    say_what_was_learnt(problem, posterior, result.warnings);
    return result;
  }

 private:
  static Reading reading_of(const CountRequest& request, const InferenceProblem& problem,
                            const Observation& o, const Measurement& m) {
    if (o.signal == Signal::label)
      return {&m, nuclide::decay_factor(o.t_s, request.half_life_s),
              problem.injected / (problem.cells * problem.viability)};
    const auto& tracer = request.tracers[o.tracer];
    return {&m, nuclide::decay_factor(o.t_s - tracer.given_s, tracer.half_life_s),
            problem.tracers[o.tracer].uptake_per_cell.median};
  }

  /// The rows that the inference has seen, in place of the closed form's.
  static void replace(const CountRequest& request, const InferenceProblem& problem,
                      const Posterior& posterior, const std::vector<const Measurement*>& measured,
                      CountResult& result) {
    std::map<std::tuple<int, std::string, double>, std::size_t> row_of;
    for (std::size_t i = 0; i < result.rows.size(); ++i)
      row_of[{result.rows[i].scan, result.rows[i].region, result.rows[i].hours}] = i;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      if (measured[i] == nullptr) continue;
      const auto& m = *measured[i];
      // urine holds no cells
      if (m.roles == std::vector<std::string>{"bladder"}) continue;
      const auto row =
          estimate(reading_of(request, problem, problem.observations[i], m), posterior.regions[i]);
      const auto at = row_of.find({m.scan, m.region, m.hours});
      if (at == row_of.end())
        result.rows.push_back(row);
      else
        result.rows[at->second] = row;
    }
  }
};

}  // namespace

std::unique_ptr<CellCounter> posterior_counter() { return std::make_unique<PosteriorCounter>(); }

}  // namespace sojourn::fate
