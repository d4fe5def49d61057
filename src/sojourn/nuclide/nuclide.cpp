#include "sojourn/nuclide/nuclide.h"

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/nuclide/nuclide_table.h"

namespace sojourn::nuclide {
namespace {

const std::map<std::string, Nuclide, std::less<>>& tables() {
  static const auto read = read_tables(core::data_dir() / "catalogue" / "nuclides");
  return read;
}

}  // namespace

const Nuclide& find(std::string_view name) {
  const auto canonical = canonical_name(name);
  const auto row = tables().find(canonical ? *canonical : std::string(name));
  if (row == tables().end())
    refuse("no decay data for the nuclide \"{}\"{}", name,
           core::suggestion(canonical.value_or(std::string(name)), known()));
  return row->second;
}

std::vector<std::string> known() {
  std::vector<std::string> names;
  for (const auto& [name, row] : tables()) names.push_back(name);
  return names;
}

double yield_in_window(const Nuclide& nuclide, double low_kev, double high_kev) {
  double photons = 0;
  for (const auto& e : nuclide.emissions)
    if ((e.type == "gamma" || e.type == "x" || e.type == "annihilation") &&
        e.energy_kev >= low_kev && e.energy_kev < high_kev)
      photons += e.intensity;
  return photons;
}

double energy_per_decay_kev(const Nuclide& nuclide, std::string_view type) {
  double sum = 0;
  for (const auto& e : nuclide.emissions)
    if (e.type == type) sum += e.energy_kev * e.intensity;
  return sum;
}

}  // namespace sojourn::nuclide
