#pragma once
#include <span>
#include <string>

/// The words that rows may use, for the reader and the schema.
namespace sojourn::catalogue::vocabulary {

[[nodiscard]] std::span<const std::string> method_classes();
[[nodiscard]] std::span<const std::string> kinds();
[[nodiscard]] std::span<const std::string> modalities();
[[nodiscard]] std::span<const std::string> questions();  ///< what a method shows
[[nodiscard]] std::span<const std::string> species();
[[nodiscard]] std::span<const std::string> needs();
[[nodiscard]] std::span<const std::string> effects();
[[nodiscard]] std::span<const std::string> organs();
[[nodiscard]] std::span<const std::string> limit_quantities();
[[nodiscard]] std::span<const std::string> limit_bounds();
[[nodiscard]] std::span<const std::string> target_roles();
[[nodiscard]] std::span<const std::string> clearing_organs();
[[nodiscard]] std::span<const std::string> optima();
[[nodiscard]] std::span<const std::string> crystals();

}  // namespace sojourn::catalogue::vocabulary
