#pragma once
#include "sojourn/trial/calibration.h"

namespace sojourn::trial {

/// A problem whose values were drawn, and the living cells behind every observation.
struct DrawnStudy {
  fate::InferenceProblem problem;
  std::vector<double> cells;
};

[[nodiscard]] DrawnStudy draw_study(const Scenario& scenario, Break broken, std::uint64_t seed);

/// Cells as people count them: activity over that of a cell when it was given (a tracer: over a
/// cell's usual uptake); and with what the growth assay says of division since then (a tracer: with
/// the usual background taken off).
[[nodiscard]] double naive_cells(const fate::InferenceProblem& problem, std::size_t row);
[[nodiscard]] double middle_cells(const fate::InferenceProblem& problem, std::size_t row);

}  // namespace sojourn::trial
