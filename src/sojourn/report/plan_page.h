#pragma once
#include <string>

#include "sojourn/records/plan.h"

namespace sojourn::report {

/// The page of a plan: one self-contained HTML text with tables and SVG charts. It computes
/// nothing; every number is the record's.
[[nodiscard]] std::string plan_page(const records::PlanResult& result);

}  // namespace sojourn::report
