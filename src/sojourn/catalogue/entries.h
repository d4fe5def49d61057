#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/catalogue/check.h"

namespace sojourn::catalogue {

/// A line of `catalogue list`: what every row has, whatever its class.
struct Entry {
  std::string id, name, row_class, kind, modality, nuclide, summary;
  std::vector<std::string> inventory, citations, aliases;
  AssumedShare assumed;
};

/// Every row of the catalogue, the nuclides among them, by class and id.
[[nodiscard]] std::vector<Entry> entries(const Tables& tables);

/// The entries that hold every word of `text` (case ignored) in id, name, aliases, class, modality,
/// nuclide, inventory or summary.
[[nodiscard]] std::vector<Entry> search(const std::vector<Entry>& all, std::string_view text);

/// The id that a person means: as written, a nuclide in any spelling, or an inventory row's only
/// id. @throws Error(bad_input) with the nearest id where there is none.
[[nodiscard]] std::string find_id(const Tables& tables, const std::string& word);

}  // namespace sojourn::catalogue
