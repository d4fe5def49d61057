#pragma once
#include <vector>

#include "sojourn/plan/detection.h"
#include "sojourn/records/plan.h"

/// How much label a million cells should get: enough to be seen, not so much that they are harmed.
namespace sojourn::plan {

[[nodiscard]] Task task_of(const records::PlanQuestion& question);

/// @param fit scanners that may image; the lower end is that of the best of them.
/// @param effective_msv_per_bq none: no dose limit.
[[nodiscard]] records::LabellingWindow labelling_window(
    const catalogue::Method& method, const catalogue::Cell& cell, Setting setting,
    const std::vector<const catalogue::Scanner*>& fit, const records::PlanQuestion& question,
    std::optional<double> effective_msv_per_bq);

/// Excludes the method where the window is empty, and says which end is at fault.
void explain_window(const records::PlanQuestion& question, records::MethodPlan& plan);

}  // namespace sojourn::plan
