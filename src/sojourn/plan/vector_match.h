#pragma once
#include "sojourn/fate/probe_kinetics.h"

/// Which nuclide suits which vector: from plasma clearance and decay alone.
/// docs/theory/planning.md.
namespace sojourn::plan {

struct BestImage {
  double time_s = 0;           ///< after injection
  double signal_to_noise = 0;  ///< there
};

/// When a lesion that captures what leaves the vessels is best seen, and how well. The noise is
/// that of the counts and of the background's clutter; every half-life gives the same number of
/// decays in the body.
[[nodiscard]] BestImage best_image(const fate::ProbeKinetics& k, double half_life_s);

/// How well a half-life fits, 0 to 1: its signal to noise over that of the best half-life there is.
[[nodiscard]] double nuclide_match(const fate::ProbeKinetics& k, double half_life_s);

}  // namespace sojourn::plan
