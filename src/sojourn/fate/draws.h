#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/fate/belief.h"
#include "sojourn/fate/region_share.h"
#include "sojourn/records/results.h"

/// Draws of what all regions share (rates, counts, activities) and of what each region adds.
namespace sojourn::fate {

/// What is known of the cells and their label when they were given.
struct Given {
  double cells = 0;            ///< all cells that entered, living and dead
  double viability = 1;        ///< when it was measured
  double viability_age_s = 0;  ///< from then to the infusion
  double injected_bq = 0;
  double bound_fraction = 1;
  std::vector<Dose> doses;
  bool intravenous = true;  ///< cells infused dead go to the phagocytes of liver and spleen
  std::optional<std::pair<double, double>> deferoxamine_s;  ///< start and stop
};

/// Relative uncertainties of counting and of activity meters, absolute ones of viability and bound
/// fraction. Assumptions, as study files do not state them; docs/theory/label_and_cells.md says why
/// these.
struct GivenSpread {
  double cells = 0.07, activity = 0.03, viability = 0.03, bound_fraction = 0.02;
};

/// How far a region may depart from the model, as standard deviations of logarithms.
struct Discrepancy {
  double debris = 0.4, free = 0.3, label_per_cell = 0.1;
};

/// One possible world.
struct World {
  Parameters parameters;
  Start start;
};

/// The world of the medians, and the n-th draw of a seed.
[[nodiscard]] World central_world(const Belief& belief, const Given& given);
[[nodiscard]] World draw_world(const Belief& belief, const Given& given, const GivenSpread& spread,
                               std::uint64_t seed, std::uint64_t n);

/// One world at one time.
struct Moment {
  Amounts amounts;
  Deposits deposits;
  double expansion = 1;  ///< living cells over those that would live without division
};

[[nodiscard]] Moment moment_of(const World& world, const Given& given, double t_s);

/// A region in one world.
struct RegionDraw {
  double cells = 0;
  double live_bq = 0;  ///< without physical decay
  double label_bq = 0;
  double label_per_cell_bq = 0;
};

/// The living cells of a region from its decay-corrected label.
[[nodiscard]] RegionDraw region_in(const Moment& moment, const RegionKind& region, double label_bq,
                                   const Departure& departure, const DebrisBalance& debris,
                                   double label_per_cell_factor);

/// The debris of a region in one world, to be followed over its scans in order of time.
[[nodiscard]] DebrisHistory history_of(const World& world, const Given& given,
                                       const RegionKind& region);

}  // namespace sojourn::fate
