#pragma once
#include <string>

#include "sojourn/core/tree.h"

namespace sojourn::catalogue {

/// A row's page, in Markdown that also reads well on a terminal: what it is, its numbers with
/// condition, source and use, its effects and limits, its references.
/// @param row the tree of row_tree.h; @param level of the heading (1: a page of its own).
[[nodiscard]] std::string to_page(const core::Tree& row, int level = 1);

}  // namespace sojourn::catalogue
