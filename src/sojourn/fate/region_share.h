#pragma once
#include <string>
#include <vector>

#include "sojourn/fate/debris_history.h"
#include "sojourn/fate/label_model.h"

/// How much of a region's label sits in living cells.
namespace sojourn::fate {

/// Factors by which a region departs from the whole body's averages (1: not at all).
struct Departure {
  double debris = 1;  ///< on debris over live label
  double free = 1;    ///< on the free label that the region took
};

/// The region by its compartments; `whole_body` is the subject.
struct RegionKind {
  bool whole_body = false;
  std::vector<std::string> roles;
  double fraction = 1;  ///< part of the compartment inside the region
};

/// Living cells' label in a region whose label (no physical decay) is `label_bq`:
/// (label - free label of its compartments - carried debris) / (1 + debris per live label), never
/// negative; none in the bladder. In the whole body the model's share of the label that is still
/// there applies.
[[nodiscard]] double live_label(const RegionKind& region, double label_bq, const Amounts& amounts,
                                const Deposits& deposits, const Departure& departure,
                                const DebrisBalance& debris);

/// Debris in proportion to living cells, as in the whole body.
[[nodiscard]] DebrisBalance mean_debris(const Amounts& amounts);

}  // namespace sojourn::fate
