#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sojourn::core {

/// The known name nearest to `word` in edit distance (case ignored).
/// @return nothing where none is near enough to be a slip of the pen (distance over 2 and over a
/// third
///         of the length).
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view word,
                                                      std::span<const std::string> known);

/// "; did you mean "mouse"? (known: mouse, rat)" for error messages. Names that differ from `word`
/// in case alone are all named: "MBq" or "mBq".
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string> known);

}  // namespace sojourn::core
