#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/biodistribution.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/given.h"
#include "sojourn/fate/inference.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

using records::CellEstimate;
using records::Measurement;

bool names_whole_body(const std::string& region) {
  return region == "whole_body" || region == "body" || region == "total";
}

/// Roles that the body has a place for; muscle and thyroid are parts of other tissue whose share
/// nobody states.
bool has_place(const std::vector<std::string>& roles) {
  static const std::set<std::string> known{"blood",  "lung",    "liver",      "spleen",
                                           "marrow", "bone",    "lymph-node", "gut",
                                           "kidney", "bladder", "rest",       "tumour"};
  return !roles.empty() &&
         std::all_of(roles.begin(), roles.end(), [](const auto& r) { return known.contains(r); });
}

/// Each region of a whole tumour is a site of its own.
class Tumours {
 public:
  explicit Tumours(const std::vector<Measurement>& measurements) {
    for (const auto& m : measurements)
      if (m.tracer == "label" && m.roles == std::vector<std::string>{"tumour"})
        if (!site_.contains(m.region)) {
          const std::size_t n = site_.size() + 1;
          site_[m.region] = n == 1 ? "tumour" : fmt::format("tumour-{}", n);
        }
  }
  [[nodiscard]] int count() const { return static_cast<int>(site_.size()); }
  [[nodiscard]] std::vector<std::string> roles(const Measurement& m) const {
    const auto at = site_.find(m.region);
    return at == site_.end() ? m.roles : std::vector<std::string>{at->second};
  }

 private:
  std::map<std::string, std::string> site_;
};

/// Observations, and which measurement each is of (none: an assay).
struct Observed {
  std::vector<Observation> rows;
  std::vector<const Measurement*> measured;
};

Observed observe(const CountRequest& request, const Tumours& tumours) {
  Observed all;
  for (const auto& m : *request.measurements) {
    const double t_s = m.hours * units::kSecondsPerHour;
    const bool whole = names_whole_body(m.region);
    if (m.tracer != "label" || t_s < 0 || !(whole || has_place(m.roles))) continue;
    const double decay = nuclide::decay_factor(t_s, request.half_life_s);
    Observation o;
    o.scan = m.scan;
    o.region = m.region;
    o.kind = {whole, tumours.roles(m), m.role_fraction};
    o.t_s = t_s;
    o.value = m.activity_bq / decay;
    o.noise_sd = m.noise_bq / decay;
    o.recovery_relative_sd = m.recovery_relative_sd;
    o.calibration_relative_sd = m.calibration_relative_sd;
    all.rows.push_back(o);
    all.measured.push_back(&m);
  }
  return all;
}

void add_biodistribution(const records::Study& study, double injected_bq, Observed& all,
                         std::vector<std::string>& warnings) {
  const auto file = study.assays.find("biodistribution");
  if (file == study.assays.end()) return;
  std::map<std::string, RegionKind> kinds;
  for (const auto& o : all.rows) kinds[o.region] = o.kind;
  constexpr int kAssayScan = -1;
  for (const auto& point : read_biodistribution(file->second)) {
    RegionKind kind{false, {point.region}, 1};
    if (const auto at = kinds.find(point.region); at != kinds.end()) kind = at->second;
    if (!has_place(kind.roles)) {
      warnings.push_back(fmt::format(
          "biodistribution: \"{}\" is no region or organ of the model: left out", point.region));
      continue;
    }
    all.rows.push_back({kAssayScan, "ex vivo " + point.region, kind,
                        point.hours * units::kSecondsPerHour, point.fraction * injected_bq,
                        point.sd * injected_bq, 0, 0});
    all.measured.push_back(nullptr);
  }
}

InferenceProblem problem_of(const CountRequest& request, const Knowledge& known,
                            const Tumours& tumours, Observed observed) {
  const auto& study = *request.study;
  const auto& infusion = study.infusions.front();
  BodySetting setting;
  setting.species = study.subject.species;
  setting.route = infusion.route;
  setting.tumours = tumours.count();
  InferenceProblem p;
  const auto label = std::find_if(study.administrations.begin(), study.administrations.end(),
                                  [](const auto& a) { return a.id == "label"; });
  p.body = make_body(catalogue::method(label->method), catalogue::cell(infusion.cells), setting);
  p.belief = known.belief;
  p.cells = known.given.cells;
  p.injected = known.given.injected_bq;
  p.viability =
      known.given.viability * std::exp(-known.belief.death.median * known.given.viability_age_s);
  p.bound_fraction = known.given.bound_fraction;
  p.doses_s.clear();
  for (const auto& dose : known.given.doses) p.doses_s.push_back(std::max(0.0, dose.at_s));
  if (known.given.deferoxamine_s)
    p.chelation = Chelation{std::max(0.0, known.given.deferoxamine_s->first),
                            known.given.deferoxamine_s->second};
  p.observations = std::move(observed.rows);
  return p;
}

CellEstimate estimate(const Measurement& m, RegionPosterior draws, double decay,
                      double naive_bq_per_cell) {
  CellEstimate e;
  e.scan = m.scan;
  e.hours = m.hours;
  e.region = m.region;
  e.cells_lo95 = numerics::quantile(draws.cells, 0.025);
  e.cells_hi95 = numerics::quantile(draws.cells, 0.975);
  e.cells = numerics::quantile(draws.cells, 0.5);
  e.cells_naive = m.activity_bq / decay / naive_bq_per_cell;
  e.live_label_fraction = numerics::quantile(draws.live_fraction, 0.5);
  e.label_per_live_cell_bq = numerics::quantile(draws.label_per_cell, 0.5) * decay;
  e.expansion = numerics::quantile(draws.expansion, 0.5);
  if (!m.detection_limit_bq) return e;
  const double limit = *m.detection_limit_bq;
  if (e.label_per_live_cell_bq > 0) e.detection_limit_cells = limit / e.label_per_live_cell_bq;
  const auto above = std::count_if(draws.live.begin(), draws.live.end(),
                                   [&](double live) { return live * decay > limit; });
  e.probability_above_limit = static_cast<double>(above) / static_cast<double>(draws.live.size());
  return e;
}

records::PosteriorSummary summary_of(const Posterior& posterior) {
  records::PosteriorSummary s;
  s.converged = posterior.converged;
  s.message = posterior.message;
  s.highest_r_hat = posterior.highest_r_hat;
  s.lowest_effective = posterior.lowest_effective;
  s.predictive_p = posterior.predictive_p;
  for (const auto& p : posterior.parameters)
    s.parameters.push_back(
        {p.name, p.prior_median, p.prior_lo95, p.prior_hi95, p.median, p.lo95, p.hi95, p.as_prior});
  constexpr std::size_t kShown = 500;
  const std::size_t n = posterior.bone_free.size(), step = std::max<std::size_t>(1, n / kShown);
  for (std::size_t k = 0; k < n; k += step) {
    s.bone_free.push_back(posterior.bone_free[k]);
    s.marrow_cells.push_back(posterior.marrow_cells[k]);
  }
  return s;
}

void say_what_was_learnt(const Posterior& posterior, std::size_t times,
                         std::vector<std::string>& warnings) {
  std::string silent;
  for (const auto& p : posterior.parameters)
    if (p.as_prior) silent += (silent.empty() ? "" : ", ") + p.name;
  if (!silent.empty())
    warnings.push_back("the measurements say nothing of these, their priors stand: " + silent);
  if (times < 2)
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
    CountResult closed = closed_form_counter()->count(request);
    std::vector<std::string> said;  // the closed form has said it
    const Knowledge known = knowledge_of(request, said);
    const Tumours tumours(*request.measurements);
    Observed observed = observe(request, tumours);
    if (observed.rows.empty()) return closed;
    std::set<double> times;
    for (const auto& o : observed.rows) times.insert(o.t_s);
    std::erase_if(closed.warnings, [](const std::string& w) {
      return w.find("biodistribution assay does not enter") != std::string::npos;
    });
    add_biodistribution(*request.study, known.given.injected_bq, observed, closed.warnings);
    const auto measured = observed.measured;
    const auto problem = problem_of(request, known, tumours, std::move(observed));
    InferenceOptions options;
    options.seed = request.seed;
    options.chains = 6, options.warmup = 3000, options.samples = 4000;
    const Posterior posterior = infer(problem, options);
    closed.posterior = summary_of(posterior);
    closed.citations.insert(closed.citations.end(), problem.body.citations.begin(),
                            problem.body.citations.end());
    if (!posterior.converged) {
      closed.warnings.push_back("the sampling of the posterior failed (" + posterior.message +
                                "): counts are those of the closed form");
      return closed;
    }
    closed.model = "label and cells in the whole body, posterior by sampling, version 1";
    const double naive = known.given.injected_bq / (problem.cells * problem.viability);
    replace(closed, posterior, measured, request.half_life_s, naive);
    say_what_was_learnt(posterior, times.size(), closed.warnings);
    return closed;
  }

 private:
  /// The rows that the inference has seen, in place of the closed form's.
  static void replace(CountResult& closed, const Posterior& posterior,
                      const std::vector<const Measurement*>& measured, double half_life_s,
                      double naive_bq_per_cell) {
    std::map<std::pair<int, std::string>, std::map<double, std::size_t>> row_of;
    for (std::size_t i = 0; i < closed.rows.size(); ++i)
      row_of[{closed.rows[i].scan, closed.rows[i].region}][closed.rows[i].hours] = i;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      if (measured[i] == nullptr) continue;
      const auto& m = *measured[i];
      const double decay = nuclide::decay_factor(m.hours * units::kSecondsPerHour, half_life_s);
      const std::size_t row = row_of.at({m.scan, m.region}).at(m.hours);
      // urine holds no cells
      if (m.roles == std::vector<std::string>{"bladder"}) continue;
      closed.rows[row] = estimate(m, posterior.regions[i], decay, naive_bq_per_cell);
    }
  }
};

}  // namespace

std::unique_ptr<CellCounter> posterior_counter() { return std::make_unique<PosteriorCounter>(); }

}  // namespace sojourn::fate
