#include "sojourn/fate/infer_belief.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

/// The beliefs in the order of their scores (`parameters_at`).
std::vector<const LogNormal*> in_order(const Belief& b) {
  return {&b.division,
          &b.death,
          &b.efflux,
          &b.phagocytosed,
          &b.debris_release,
          &b.free_clearance,
          &b.bone,
          &b.excreted,
          &b.liver,
          &b.kidney,
          &b.bone_deferoxamine,
          &b.excreted_deferoxamine,
          &b.dead_to_liver,
          &b.dead_to_spleen};
}

FreeSink& sink(BodyModel& model, const char* id) {
  const auto at = std::find_if(model.sinks.begin(), model.sinks.end(),
                               [&](const auto& s) { return s.id == id; });
  SOJOURN_EXPECT(at != model.sinks.end());
  return *at;
}

/// What the gut takes stays as the body has it; what all leave is other tissue's.
void set_routes(BodyModel& model, const Routes& usual, const Routes& chelated) {
  const auto set = [&](double FreeSink::*part, const Routes& r) {
    const double gut = sink(model, "gut").*part;
    const double most = std::max(1.0, r.bone + r.liver + r.kidney + r.excreted + gut);
    sink(model, "bone").*part = r.bone / most;
    sink(model, "liver").*part = r.liver / most;
    sink(model, "kidney").*part = r.kidney / most;
    sink(model, "gut").*part = gut / most;
    sink(model, "bladder").*part = r.excreted / most;
    sink(model, "rest").*part =
        std::max(0.0, 1 - (r.bone + r.liver + r.kidney + r.excreted + gut) / most);
  };
  set(&FreeSink::fraction, usual);
  set(&FreeSink::fraction_chelated, chelated);
}

/// Liver's and spleen's parts of carried debris; the other sites share what is left as they did.
void set_shares(std::vector<double>& shares, const BodyModel& model, double liver, double spleen) {
  const std::size_t l = model.site("liver"), s = model.site("spleen");
  const double before = 1 - shares[l] - shares[s], after = 1 - liver - spleen;
  if (!(before > 0)) return;  // a route that puts dead cells elsewhere
  for (auto& share : shares) share *= after / before;
  shares[l] = liver;
  shares[s] = spleen;
}

}  // namespace

const std::vector<std::string>& belief_names() {
  static const std::vector<std::string> names{"division_per_s",
                                              "death_per_s",
                                              "efflux_per_s",
                                              "phagocytosed_fraction",
                                              "debris_release_per_s",
                                              "free_clearance_per_s",
                                              "bone_fraction",
                                              "excreted_fraction",
                                              "liver_fraction",
                                              "kidney_fraction",
                                              "bone_fraction_deferoxamine",
                                              "excreted_fraction_deferoxamine",
                                              "infused_dead_liver_fraction",
                                              "infused_dead_spleen_fraction"};
  return names;
}

double belief_value(const Belief& belief, std::size_t index, double z) {
  return in_order(belief).at(index)->at(z);
}

void apply_belief(const Belief& belief, std::span<const double> scores, Body& body) {
  const Parameters p = parameters_at(belief, scores);
  BodyModel& model = body.model;
  for (auto& site : model.sites) {
    site.division_per_s = p.rates.division_per_s;
    site.death_per_s = p.rates.death_per_s;
  }
  if (!body.carries_label) return;
  model.efflux_per_s = p.rates.efflux_per_s;
  model.phagocytosed_fraction = p.rates.phagocytosed_fraction;
  model.debris_release_per_s = p.rates.debris_release_per_s;
  model.free_clearance_per_s = p.rates.free_clearance_per_s;
  const bool organs = std::any_of(model.sinks.begin(), model.sinks.end(),
                                  [](const auto& s) { return s.id == "bone"; });
  if (organs) set_routes(model, p.routes, p.routes_deferoxamine);
  if (body.dead_entry == model.debris_shares)
    set_shares(body.dead_entry, model, p.dead_to_liver, p.dead_to_spleen);
  set_shares(model.debris_shares, model, p.dead_to_liver, p.dead_to_spleen);
}

Belief belief_of_cells(const records::RateChoice& rates, const catalogue::Cell& cell) {
  const auto of = [&](const catalogue::Field& field,
                      const std::optional<records::Uncertain>& stated) {
    if (stated) return log_normal(stated->value, stated->relative_sd);
    return log_normal(field->of(cell.kin).value, field->of(cell.kin).relative_sd);
  };
  Belief b;
  b.division = of(cell.parameters.division_per_s, rates.division);
  b.death = of(cell.parameters.death_per_s, rates.death);
  return b;
}

}  // namespace sojourn::fate
