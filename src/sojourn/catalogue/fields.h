#pragma once
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "sojourn/catalogue/parameters.h"
#include "sojourn/units/units.h"

/// The fields of each class of rows, declared once: the reader, the schema, the pages and the
/// checks all go through these lists.
namespace sojourn::catalogue {

enum class Scale {
  quantity,  ///< with a unit
  fraction,  ///< 0 to 1
  number     ///< not negative
};

struct FieldInfo {
  const char* name;  ///< in the file
  Scale scale = Scale::number;
  units::Dimension dimension = units::Dimension::time;  ///< quantities only
  bool required = false;
  const char* meaning = "";
  const char* used_by = "";  ///< where a model takes it

  /// The native unit; empty for fractions and numbers.
  [[nodiscard]] std::string unit() const;
};

template <typename Row>
struct FieldSpec : FieldInfo {
  Field Row::*member = nullptr;
};

/// The list of a class of parameters, in the order of pages and schema.
template <typename Row>
[[nodiscard]] std::span<const FieldSpec<Row>> fields_of();

/// Calls `visit(info, field)` for every declared field of one group of parameters.
template <typename Row, typename Visit>
void for_each_field(const Row& row, Visit&& visit) {
  for (const auto& spec : fields_of<Row>())
    visit(static_cast<const FieldInfo&>(spec), row.*spec.member);
}
template <typename Visit>
void for_each_field(const std::monostate&, Visit&&) {}
template <typename Visit, typename... Rows>
void for_each_field(const std::variant<Rows...>& row, Visit&& visit) {
  std::visit([&](const auto& one) { for_each_field(one, visit); }, row);
}

}  // namespace sojourn::catalogue
