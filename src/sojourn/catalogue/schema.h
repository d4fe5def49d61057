#pragma once
#include "sojourn/core/tree.h"

namespace sojourn::catalogue {

/// The JSON schema (draft 2020-12) of a row file, made from the lists of fields and words that the
/// reader uses: one definition for each class.
[[nodiscard]] core::Tree row_schema();

}  // namespace sojourn::catalogue
