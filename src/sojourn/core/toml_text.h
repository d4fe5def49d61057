#pragma once
#include <string>

#include "sojourn/core/tree.h"

namespace sojourn::core {

/// TOML with a table for each [header] and an entry for each [[header]]; null members are left out.
/// What parse_toml read from it is the same document again (comments are not kept).
/// @param document a table.
[[nodiscard]] std::string to_toml(const Tree& document);

}  // namespace sojourn::core
