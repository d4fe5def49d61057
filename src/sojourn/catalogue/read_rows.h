#pragma once
#include "sojourn/catalogue/rows.h"
#include "sojourn/core/table_reader.h"

/// One row from its file. Errors name file, line and field; unknown fields are refused.
namespace sojourn::catalogue {

/// id (which must be the file's name), name, class, inventory, citations, summary, strengths,
/// limits.
void read_head(core::TableReader& in, Head& row, const std::string& stem,
               std::span<const std::string> classes);

[[nodiscard]] std::vector<Effect> read_effects(core::TableReader& in);

[[nodiscard]] Method read_method(core::TableReader& in, const std::string& stem);
[[nodiscard]] Cell read_cell(core::TableReader& in, const std::string& stem);
[[nodiscard]] Target read_target(core::TableReader& in, const std::string& stem);
[[nodiscard]] Vector read_vector(core::TableReader& in, const std::string& stem);
[[nodiscard]] Scanner read_scanner(core::TableReader& in, const std::string& stem);
[[nodiscard]] Model read_model(core::TableReader& in, const std::string& stem);

}  // namespace sojourn::catalogue
