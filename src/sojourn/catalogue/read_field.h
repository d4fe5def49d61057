#pragma once
#include "sojourn/catalogue/fields.h"
#include "sojourn/core/table_reader.h"

namespace sojourn::catalogue {

/// Reads one number with its spread, basis, citation and condition.
/// @param key the field that holds the number itself: "value", "suv", "coefficient", "copies".
/// @throws Error(bad_input) naming file, line and field.
[[nodiscard]] Sourced read_sourced(core::TableReader& in, const FieldInfo& info,
                                   const std::string& key = "value");

/// Reads [parameters.NAME] for every field of a class; refuses names that the class does not have
/// and required ones that are missing.
template <typename Row>
void read_parameters(core::TableReader& in, Row& row, bool required = true) {
  std::vector<std::string> names;
  auto table = in.table("parameters");
  for (const auto& spec : fields_of<Row>()) {
    names.emplace_back(spec.name);
    auto field = table ? table->table(spec.name) : std::nullopt;
    if (field) {
      row.*spec.member = read_sourced(*field, spec);
      field->finish();
    } else if (required && spec.required) {
      in.fail("parameters", std::string("needs ") + spec.name + " (" + spec.meaning +
                                "): give it, with basis = \"assumed\" where no source states it");
    }
  }
  if (table) table->finish();
}

}  // namespace sojourn::catalogue
