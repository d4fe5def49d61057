#pragma once
#include "sojourn/catalogue/fields.h"

/// How fields.h's lists are written: one line a field.
namespace sojourn::catalogue::declare {

inline constexpr bool kRequired = true, kOptional = false;

template <typename Row>
constexpr FieldSpec<Row> quantity(const char* name, Field Row::*member, units::Dimension dimension,
                                  bool required, const char* meaning, const char* used_by = "") {
  return {{name, Scale::quantity, dimension, required, meaning, used_by}, member};
}
template <typename Row>
constexpr FieldSpec<Row> fraction(const char* name, Field Row::*member, bool required,
                                  const char* meaning, const char* used_by = "") {
  return {{name, Scale::fraction, {}, required, meaning, used_by}, member};
}
template <typename Row>
constexpr FieldSpec<Row> number(const char* name, Field Row::*member, bool required,
                                const char* meaning, const char* used_by = "") {
  return {{name, Scale::number, {}, required, meaning, used_by}, member};
}

}  // namespace sojourn::catalogue::declare
