#pragma once
#include <filesystem>

#include "sojourn/records/plan.h"

namespace sojourn::plan {

/// Every method of the catalogue held against a question: feasible ones ranked, the others with
/// their reasons. Methods of which over half of the numbers are assumed come last.
[[nodiscard]] records::PlanResult make_plan(const records::PlanQuestion& question);
/// The same from a question file. @throws Error(bad_input) naming file, line and field.
[[nodiscard]] records::PlanResult make_plan(const std::filesystem::path& question_file);

/// A study file for a planned PET or SPECT method that `track` reads once the images lie where it
/// says: times and activities are the plan's, to be replaced by the measured ones.
[[nodiscard]] std::string study_skeleton(const records::PlanQuestion& question,
                                         const records::MethodPlan& method);

}  // namespace sojourn::plan
