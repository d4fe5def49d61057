#include "sojourn/records/species.h"

#include "sojourn/core/error.h"

namespace sojourn::records {
namespace {

struct Row {
  const char* name;
  std::array<double, 2> mass_g;
};

/// Bounds, not estimates: from weanling to obese for the rodents, from newborn to the largest on
/// record for the primates, each widened, so that no living subject falls outside while a factor of
/// 1000 always does.
constexpr std::array<Row, 4> kSpecies{{{"mouse", {5, 100}},
                                       {"rat", {20, 1500}},
                                       {"macaque", {300, 30000}},
                                       {"human", {500, 500000}}}};

}  // namespace

const std::vector<std::string>& known_species() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& row : kSpecies) all.emplace_back(row.name);
    return all;
  }();
  return names;
}

std::array<double, 2> plausible_mass_g(std::string_view species) {
  for (const auto& row : kSpecies) {
    if (species == row.name) return row.mass_g;
  }
  throw Error(ErrorCode::bad_value, fmt::format("no mass range for species \"{}\"", species));
}

}  // namespace sojourn::records
