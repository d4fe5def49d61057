#include "sojourn/fate/body_belief.h"

#include <algorithm>

namespace sojourn::fate {
namespace {

/// What the gut takes stays as the body has it; what all leave is other tissue's.
void set_routes(const BodyModel& model, const Routes& r, double FreeSink::*part,
                std::vector<double>& fraction) {
  double gut = 0;
  for (const auto& sink : model.sinks)
    if (sink.id == "gut") gut = sink.*part;
  const double most = std::max(1.0, r.bone + r.liver + r.kidney + r.excreted + gut);
  const double rest = std::max(0.0, 1 - (r.bone + r.liver + r.kidney + r.excreted + gut) / most);
  for (std::size_t k = 0; k < model.sinks.size(); ++k) {
    const auto& id = model.sinks[k].id;
    if (id == "bone") fraction[k] = r.bone / most;
    if (id == "liver") fraction[k] = r.liver / most;
    if (id == "kidney") fraction[k] = r.kidney / most;
    if (id == "gut") fraction[k] = gut / most;
    if (id == "bladder") fraction[k] = r.excreted / most;
    if (id == "rest") fraction[k] = rest;
  }
}

/// Liver's and spleen's parts of carried debris; the other sites share what is left as they did.
void set_shares(const BodyModel& model, double liver, double spleen, std::vector<double>& shares) {
  const std::size_t l = model.site("liver"), s = model.site("spleen");
  const double before = 1 - shares[l] - shares[s], after = 1 - liver - spleen;
  if (!(before > 0)) return;  // nothing is left to share
  for (auto& share : shares) share *= after / before;
  shares[l] = liver;
  shares[s] = spleen;
}

}  // namespace

void apply_belief(const Belief& belief, std::span<const double> scores, const Body& body,
                  SharedBody& shared) {
  const Parameters p = parameters_at(belief, scores);
  const Rates usual = shared.rates;
  shared.rates = p.rates;
  if (!body.carries_label) {
    shared.rates.efflux_per_s = usual.efflux_per_s;
    shared.rates.free_clearance_per_s = usual.free_clearance_per_s;
    return;
  }
  const bool routed = std::any_of(body.model.sinks.begin(), body.model.sinks.end(),
                                  [](const auto& s) { return s.id == "bone"; });
  if (!routed) {
    shared.rates.free_clearance_per_s = usual.free_clearance_per_s;
    return;
  }
  set_routes(body.model, p.routes, &FreeSink::fraction, shared.fraction);
  set_routes(body.model, p.routes_deferoxamine, &FreeSink::fraction_chelated,
             shared.fraction_chelated);
  if (belief.dead_to_liver.median == 0 && belief.dead_to_spleen.median == 0) return;
  set_shares(body.model, p.dead_to_liver, p.dead_to_spleen, shared.debris_shares);
  // cells infused dead by vein go where carried debris goes
  if (body.dead_entry == body.model.debris_shares) shared.dead_entry = shared.debris_shares;
}

}  // namespace sojourn::fate
