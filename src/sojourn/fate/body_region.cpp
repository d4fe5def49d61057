#include "sojourn/fate/body_region.h"

namespace sojourn::fate {
namespace {

/// Adds site and sink of that name. @return whether there was one.
bool add(const BodyModel& model, const BodyState& state, const std::string& id, RegionLabel& to) {
  bool found = false;
  for (std::size_t i = 0; i < model.sites.size(); ++i) {
    if (model.sites[i].id != id) continue;
    to.cells += state.cells[i];
    to.live += state.live[i];
    to.debris += state.debris[i];
    found = true;
  }
  for (std::size_t k = 0; k < model.sinks.size(); ++k) {
    if (model.sinks[k].id != id) continue;
    to.free += state.held[k];
    found = true;
  }
  return found;
}

}  // namespace

RegionLabel region_label(const BodyModel& model, const BodyState& state, const std::string& organ) {
  RegionLabel label;
  if (organ == "bone" || organ == "marrow") {
    (void)add(model, state, "bone", label);
    (void)add(model, state, "marrow", label);
    return label;
  }
  if (organ == "blood") label.free = state.free;
  if (add(model, state, organ, label)) {
    label.shared = organ == "rest";
    return label;
  }
  (void)add(model, state, "rest", label);
  label.shared = true;
  return label;
}

}  // namespace sojourn::fate
