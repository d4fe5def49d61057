#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::records {

/// "mouse", "rat", "macaque", "human": the species that a study may name.
[[nodiscard]] const std::vector<std::string>& known_species();

/// Body masses, in grams, outside which a number is a slip of the unit and no animal.
/// @throws Error(bad_value) for an unknown species.
[[nodiscard]] std::array<double, 2> plausible_mass_g(std::string_view species);

}  // namespace sojourn::records
