#pragma once
#include "sojourn/catalogue/rows.h"
#include "sojourn/records/plan.h"

namespace sojourn::plan {

/// What one method can do for a question: exclusions with their reasons, or activity, schedule and
/// detection limits on the best scanner.
[[nodiscard]] records::MethodPlan evaluate(const catalogue::Method& method,
                                           const records::PlanQuestion& question);

}  // namespace sojourn::plan
