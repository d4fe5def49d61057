#pragma once
#include <string>
#include <vector>

#include "sojourn/catalogue/rows.h"
#include "sojourn/records/plan.h"

namespace sojourn::plan {

/// Why a method is out of the question, before anything is calculated: its kind, the genes that it
/// needs, what it shows, its target, what it does to cells. Empty: none.
[[nodiscard]] std::vector<std::string> exclusions(const catalogue::Method& method,
                                                  const records::PlanQuestion& question);

/// What a user must know although the method can be used.
[[nodiscard]] std::vector<std::string> cautions(const catalogue::Method& method,
                                                const records::PlanQuestion& question);

}  // namespace sojourn::plan
