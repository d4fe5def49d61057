#include "sojourn/catalogue/sourced.h"

namespace sojourn::catalogue {

std::string name_of(Basis basis) {
  switch (basis) {
    case Basis::published:
      return "published";
    case Basis::derived:
      return "derived";
    case Basis::assumed:
      break;
  }
  return "assumed";
}

const Sourced& Sourced::of(const std::vector<std::string>& kin) const {
  for (const auto& cells : kin)
    for (const auto& other : for_cells)
      if (other.cells == cells) return other.sourced;
  return *this;
}

}  // namespace sojourn::catalogue
