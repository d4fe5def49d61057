#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sojourn/fate/belief.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/draws.h"

namespace sojourn::fate {

/// What the study, the catalogue and the assays say before the images.
struct Knowledge {
  Belief belief;  ///< before the assays
  Given given;
  std::vector<AssayPoint> retention, growth;
  std::vector<std::string> citations;
};

/// @throws Error(bad_input) where the study has no cells or no label, or a count or activity is not
/// positive.
[[nodiscard]] Knowledge knowledge_of(const CountRequest& request,
                                     std::vector<std::string>& warnings);

/// The same for cells without a label of their own: of the rates, division and death alone.
[[nodiscard]] Knowledge knowledge_without_label(const records::Study& study,
                                                std::vector<std::string>& warnings);

/// Names with units, for provenance.
[[nodiscard]] std::vector<std::pair<std::string, double>> describe(const Given& given);

}  // namespace sojourn::fate
