#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sojourn/trial/virtual_scan.h"

namespace sojourn::trial {

/// Label without physical decay (Bq at the infusion), and living cells.
struct VirtualHolding {
  double live_bq = 0, debris_bq = 0, free_bq = 0, cells = 0;
  [[nodiscard]] double label_bq() const { return live_bq + debris_bq + free_bq; }
  VirtualHolding& add(const VirtualHolding& more, double part = 1);
};

/// One possible truth of a study.
struct VirtualTruth {
  /// [scan][compartment]: what each compartment of the body's model holds at mid-scan.
  std::vector<std::map<std::string, VirtualHolding>> holdings;
  std::string growth_tsv, retention_tsv;  ///< cultures; empty where the study has none
};

/// A world drawn from what is known before the study (catalogue, tables of traffic, the study's own
/// rates and counts): the priors that `track` starts from. @param tumours sites of their own.
[[nodiscard]] VirtualTruth draw_truth(const VirtualPlan& plan, int tumours, std::uint64_t seed,
                                      bool noise_free);

}  // namespace sojourn::trial
