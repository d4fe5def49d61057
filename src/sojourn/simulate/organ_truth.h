#pragma once
#include "sojourn/simulate/label_truth.h"
#include "sojourn/subject/lattice.h"

namespace sojourn::simulate {

/// What one organ holds: label without physical decay, and living cells.
struct Holding {
  double live_bq = 0, debris_bq = 0, free_bq = 0, cells = 0;
  [[nodiscard]] double label_bq() const { return live_bq + debris_bq + free_bq; }
  Holding& operator+=(const Holding& more);
};
using Holdings = std::array<Holding, subject::kOrgans>;

/// Spreads the compartments over the organs: blood by the blood that organs hold, lymph nodes by
/// volume (the modelled ones hold kNodesImaged of the compartment), bone and
/// marrow together at one concentration, the rest by stated shares.
/// What has been voided is in none.
[[nodiscard]] Holdings organ_holdings(const TruthState& state, const subject::PerOrgan& volume_ml);

/// Part of the blood inside the heart's region, and of all lymph nodes' cells inside the modelled
/// ones.
inline constexpr double kHeartBlood = 0.14;
inline constexpr double kNodesImaged = 0.6;

}  // namespace sojourn::simulate
