#pragma once
#include <string>

#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/records/plan.h"

/// A plan as plan.json, plan.tsv and text.
namespace sojourn::plan {

/// Schema sojourn/plan/1 (docs/schema/plan.schema.json).
[[nodiscard]] core::Tree to_tree(const records::PlanResult& result);

/// A row for each method: rank (n/a: excluded), numbers with their basis, reasons.
[[nodiscard]] core::Tsv to_table(const records::PlanResult& result);

/// For a terminal: the ranked methods and, by reason, the excluded ones.
[[nodiscard]] std::string to_text(const records::PlanResult& result);

}  // namespace sojourn::plan
