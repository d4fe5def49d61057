#include "sojourn/catalogue/rows.h"

#include "sojourn/core/error.h"

namespace sojourn::catalogue {
namespace {

template <typename Class>
const Class& wanted(const Method& method, const char* what) {
  const auto* found = method.get<Class>();
  if (found == nullptr)
    refuse("\"{}\" is a {}, not {}: choose another method", method.id,
           method.kind == "method" ? method.row_class : method.kind, what);
  return *found;
}

}  // namespace

const ExVivoLabel& Method::label() const { return wanted<ExVivoLabel>(*this, "an ex vivo label"); }
const ReporterGene& Method::reporter() const {
  return wanted<ReporterGene>(*this, "a reporter gene");
}
const Probe& Method::probe() const { return wanted<Probe>(*this, "a targeted probe"); }

void Method::must_be_usable() const {
  if (kind != "method")
    refuse("\"{}\" is no method but a {} ({}); choose another method", id, kind, reason);
}

const Sourced* Method::uptake_of(const std::string& organ,
                                 const std::string& species_wanted) const {
  const Sourced *unnamed = nullptr, *other = nullptr;
  for (const auto& uptake : uptakes) {
    if (uptake.organ != organ) continue;
    if (uptake.species == species_wanted) return &uptake.suv;
    if (uptake.species.empty() && unnamed == nullptr) unnamed = &uptake.suv;
    if (other == nullptr) other = &uptake.suv;
  }
  return unnamed != nullptr ? unnamed : other;
}

const Marker* Cell::marker(const std::string& target) const {
  for (const auto& one : markers)
    if (one.target == target) return &one;
  return nullptr;
}

}  // namespace sojourn::catalogue
