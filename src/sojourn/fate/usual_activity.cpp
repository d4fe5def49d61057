#include "sojourn/fate/usual_activity.h"

#include <cmath>

#include "sojourn/fate/subject_table.h"

namespace sojourn::fate {
namespace {

bool large(const std::string& species) { return species == "human" || species == "macaque"; }

/// The row's field for that size of species; nullptr for methods without a tracer.
const catalogue::Field* field_of(const catalogue::Method& method, const std::string& species) {
  if (const auto* m = method.get<catalogue::ReporterGene>())
    return large(species) ? &m->injected_activity_human_bq : &m->injected_activity_mouse_bq;
  if (const auto* m = method.get<catalogue::Probe>())
    return large(species) ? &m->injected_activity_human_bq : &m->injected_activity_mouse_bq;
  return nullptr;
}

}  // namespace

std::optional<UsualActivity> usual_activity(const catalogue::Method& method,
                                            const std::string& species, double body_mass_g) {
  constexpr double kExponent = 2.0 / 3;  // body surface
  const auto* field = field_of(method, species);
  if (field == nullptr || !*field) return std::nullopt;
  const auto& row = **field;
  if (species == "human" || species == "mouse")
    return UsualActivity{row.value, row.basis == catalogue::Basis::assumed};
  const double from_g = subject_defaults(large(species) ? "human" : "mouse").body_mass_g;
  return UsualActivity{row.value * std::pow(body_mass_g / from_g, kExponent), true};
}

}  // namespace sojourn::fate
