#pragma once
#include <optional>

#include "sojourn/core/tree.h"
#include "sojourn/fate/cell_counter.h"

namespace sojourn::study {

[[nodiscard]] core::Tree to_tree(const fate::CountResult& result);
/// Nothing where the tree is not of this version: cells are then counted again.
[[nodiscard]] std::optional<fate::CountResult> count_from(const core::Tree& tree);

}  // namespace sojourn::study
