#include "sojourn/fate/body_labels.h"

#include <algorithm>

#include "sojourn/core/error.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

constexpr double kHour_s = units::kSecondsPerHour;

/// Fractions of free label by where it goes; what they leave is held by other tissue.
struct Ways {
  double bone = 0, liver = 0, kidney = 0, gut = 0, excreted = 0, rest = 0;
};

/// Divides by the sum where it exceeds 1, and gives the rest what is left.
Ways completed(Ways w) {
  const double sum = w.bone + w.liver + w.kidney + w.gut + w.excreted;
  const double most = std::max(1.0, sum);
  w = {w.bone / most, w.liver / most, w.kidney / most, w.gut / most, w.excreted / most, 0};
  w.rest = std::max(0.0, 1 - (w.bone + w.liver + w.kidney + w.gut + w.excreted));
  return w;
}

void set_sinks(BodyModel& model, const Ways& usual, const Ways& chelated, double bladder_per_s,
               double gut_per_s) {
  model.sinks = {{"bone", usual.bone, chelated.bone, 0},
                 {"liver", usual.liver, chelated.liver, 0},
                 {"kidney", usual.kidney, chelated.kidney, 0},
                 {"gut", usual.gut, chelated.gut, gut_per_s},
                 {"rest", usual.rest, chelated.rest, 0},
                 {"bladder", usual.excreted, chelated.excreted, bladder_per_s}};
}

class Taker {
 public:
  Taker(const catalogue::Cell& cell, Body& body) : cell_(cell), body_(body) {}
  double operator()(const catalogue::Field& field) {
    if (!field) return 0;
    const auto& s = field->of(cell_.kin);
    if (!s.citation.empty()) body_.citations.push_back(s.citation);
    return s.value;
  }

 private:
  const catalogue::Cell& cell_;
  Body& body_;
};

void take(const catalogue::ExVivoLabel& m, Taker& of, double bladder_per_s, double gut_per_s,
          Body& body) {
  BodyModel& model = body.model;
  model.efflux_per_s = of(m.efflux_per_s);
  model.phagocytosed_fraction = of(m.phagocytosed_fraction);
  model.debris_release_per_s = of(m.debris_release_per_s);
  model.free_clearance_per_s = of(m.free_clearance_per_s);
  Ways usual{of(m.bone_fraction), of(m.liver_fraction),    of(m.kidney_fraction),
             of(m.gut_fraction),  of(m.excreted_fraction), 0};
  Ways chelated = usual;
  if (m.bone_fraction_deferoxamine) chelated.bone = of(m.bone_fraction_deferoxamine);
  if (m.excreted_fraction_deferoxamine) chelated.excreted = of(m.excreted_fraction_deferoxamine);
  set_sinks(model, completed(usual), completed(chelated), bladder_per_s, gut_per_s);
}

void take(const catalogue::MagneticLabel& m, Taker& of, double clearance_per_s, Body& body) {
  body.model.efflux_per_s = of(m.efflux_per_s);
  body.model.phagocytosed_fraction = of(m.phagocytosed_fraction);
  body.model.debris_release_per_s = of(m.debris_release_per_s);
  body.model.free_clearance_per_s = clearance_per_s;
  body.model.sinks = {{"cleared", 1, 1, 0}};
}

}  // namespace

bool take_label(const catalogue::Method& method, const catalogue::Cell& cell,
                const std::string& species, const BodyTables& tables, Body& body) {
  Taker of(cell, body);
  const auto rate = [&](const char* quantity) {
    return 1 / (tables.hours(species, quantity).value * kHour_s);
  };
  body.model.sinks = {{"cleared", 1, 1, 0}};
  if (const auto* label = method.get<catalogue::ExVivoLabel>()) {
    take(*label, of, rate("bladder_h"), rate("gut_h"), body);
    return true;
  }
  if (const auto* magnetic = method.get<catalogue::MagneticLabel>()) {
    take(*magnetic, of, rate("magnetic_clearance_h"), body);
    return true;
  }
  if (const auto* light = method.get<catalogue::Optical>(); light && light->efflux_per_s) {
    // a dye dilutes; what dies with a cell no longer shines from it
    body.model.efflux_per_s = of(light->efflux_per_s);
    body.model.free_clearance_per_s = rate("magnetic_clearance_h");
    return true;
  }
  return false;
}

}  // namespace sojourn::fate
