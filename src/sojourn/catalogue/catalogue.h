#pragma once
#include <string>
#include <vector>

#include "sojourn/catalogue/catalogue_table.h"
#include "sojourn/catalogue/rows.h"

/// The rows of data/catalogue by id, read once.
namespace sojourn::catalogue {

/// All rows, with their cross-references checked at the first call.
/// @throws Error(bad_input) where a row is malformed or points to a row that is not there.
[[nodiscard]] const Tables& tables();

/// @throws Error(bad_input) for an unknown id, with the nearest and the known ones.
[[nodiscard]] const Method& method(const std::string& id);
[[nodiscard]] const Cell& cell(const std::string& id);
[[nodiscard]] const Target& target(const std::string& id);
[[nodiscard]] const Vector& vector(const std::string& id);
[[nodiscard]] const Scanner& scanner(const std::string& id);
[[nodiscard]] const Model& model(const std::string& id);
[[nodiscard]] const Reference& reference(const std::string& key);
[[nodiscard]] std::vector<std::string> method_ids();
[[nodiscard]] std::vector<std::string> cell_ids();
[[nodiscard]] std::vector<std::string> scanner_ids();
[[nodiscard]] std::vector<std::string> reference_keys();

}  // namespace sojourn::catalogue
