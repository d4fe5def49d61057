#pragma once
#include <optional>
#include <string_view>

namespace sojourn::nuclide {

struct Element {
  int number = 0;           ///< atomic number
  std::string_view symbol;  ///< "Zr"
};

/// The element by symbol or English name, any case: "zr", "Zirconium", "caesium" and "cesium".
[[nodiscard]] std::optional<Element> find_element(std::string_view text);

}  // namespace sojourn::nuclide
