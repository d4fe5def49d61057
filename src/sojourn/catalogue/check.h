#pragma once
#include <string>
#include <vector>

#include "sojourn/catalogue/catalogue_table.h"

namespace sojourn::catalogue {

/// Ids, nuclides and citation keys that point to nothing, each as "ID: field: message".
[[nodiscard]] std::vector<std::string> cross_reference_problems(const Tables& tables);

/// What contradicts itself inside a row: routes of free label over 1, a label without iron or
/// fluorine, a human method without a human activity.
[[nodiscard]] std::vector<std::string> consistency_problems(const Tables& tables);

/// How many of a row's model fields (parameters and organ uptakes) no source states.
struct AssumedShare {
  int fields = 0, assumed = 0;
  [[nodiscard]] double share() const {
    return fields > 0 ? static_cast<double>(assumed) / fields : 0;
  }
  /// Over half assumed: a plan made with it is indicative.
  [[nodiscard]] bool indicative() const { return 2 * assumed > fields; }
};

[[nodiscard]] AssumedShare assumed_share(const Method& method);
[[nodiscard]] AssumedShare assumed_share(const Cell& cell);
[[nodiscard]] AssumedShare assumed_share(const Target& target);
[[nodiscard]] AssumedShare assumed_share(const Vector& vector);
[[nodiscard]] AssumedShare assumed_share(const Scanner& scanner);
[[nodiscard]] AssumedShare assumed_share(const Model& model);

}  // namespace sojourn::catalogue
