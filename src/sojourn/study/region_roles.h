#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::study {

/// Compartments of the model that a region may show: "blood", "lung"… "rest".
[[nodiscard]] const std::vector<std::string>& known_roles();

/// The roles that a region's name implies ("kidney_left" -> kidney, "skeleton" -> bone and marrow),
/// case and the characters "_", "-", blank apart. An empty list: the name is known to be no
/// compartment (brain, body).
/// @return nothing where the name says nothing: activity alone, with a warning.
[[nodiscard]] std::optional<std::vector<std::string>> implied_roles(std::string_view name);

}  // namespace sojourn::study
