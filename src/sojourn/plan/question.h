#pragma once
#include <filesystem>
#include <string_view>

#include "sojourn/records/plan.h"

namespace sojourn::plan {

/// Reads a question file (TOML); what it leaves out is settled by the cells' row and the species.
/// @throws Error(bad_input) naming file, line and field.
[[nodiscard]] records::PlanQuestion read_question(const std::filesystem::path& file);

/// The same from text. @param source for messages.
[[nodiscard]] records::PlanQuestion parse_question(std::string_view text,
                                                   const std::string& source);

}  // namespace sojourn::plan
