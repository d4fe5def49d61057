#pragma once
#include <string>

#include "sojourn/catalogue/catalogue_table.h"
#include "sojourn/core/tree.h"

namespace sojourn::catalogue {

/// A row as JSON has it (schema sojourn/catalogue-row/1): head, parameters in native units beside
/// the text of the file, and the references that it cites, printed in full. Nuclides give
/// half_life_s, emissions and positron_mean_range_mm; methods hold their nuclide's.
/// @param id of any table; it must exist (see find_id).
[[nodiscard]] core::Tree row_tree(const Tables& tables, const std::string& id);

}  // namespace sojourn::catalogue
