#pragma once
#include "sojourn/plan/detection.h"

namespace sojourn::plan {

/// `sojourn plan limit`: one method on one scanner at one time.
struct LimitQuestion {
  std::string method, scanner, cells, species;  ///< catalogue ids; species may be empty: a phantom
  std::string region = "muscle";
  Task task;
  double after_s = 0;  ///< after the infusion of the cells (labels) or of the region's filling
  std::optional<double> label_per_million_bq, injected_bq, body_mass_g;
};

struct LimitAnswer {
  Detection detection;
  std::string cells;  ///< kind that the numbers are of
  double signal_per_cell = 0;
  std::string signal_unit;
  std::optional<double> label_bq_per_million, ceiling_bq_per_million;  ///< ex vivo labels
};

/// @throws Error(bad_input) for unknown ids and for methods that cannot be planned.
[[nodiscard]] LimitAnswer limit(const LimitQuestion& question);

}  // namespace sojourn::plan
