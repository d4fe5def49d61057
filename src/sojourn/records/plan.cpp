#include "sojourn/records/plan.h"

namespace sojourn::records {

std::string name_of(Basis basis) {
  switch (basis) {
    case Basis::published:
      return "published";
    case Basis::modelled:
      return "modelled";
    case Basis::assumed:
      break;
  }
  return "assumed";
}

}  // namespace sojourn::records
