#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "sojourn/nuclide/nuclide.h"

namespace sojourn::nuclide {

/// Reads every FOLDER/NUCLIDE.toml, checked: names, ranges, words out of lists, sums of branches.
/// @throws Error(bad_input) naming file, line and field.
[[nodiscard]] std::map<std::string, Nuclide, std::less<>> read_tables(
    const std::filesystem::path& folder);

}  // namespace sojourn::nuclide
