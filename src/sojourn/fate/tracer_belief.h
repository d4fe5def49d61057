#pragma once
#include <string>
#include <vector>

#include "sojourn/catalogue/rows.h"
#include "sojourn/fate/inference.h"
#include "sojourn/records/results.h"

namespace sojourn::fate {

/// A tracer as it was given.
struct TracerGiven {
  std::string id;      ///< of the administration
  std::string method;  ///< catalogue id
  double injected_bq = 0, half_life_s = 0;
  double given_s = 0;  ///< after the origin of the measurements' hours
};

/// What the catalogue says of a tracer's signal: of one cell that holds it, and of each measured
/// region without such cells (SUV of the row's organ times volume; an organ that the row does not
/// have is taken at SUV 1 within a factor of two). A probe's target is borne by the body's own
/// cells too, of which nothing is known before: a million per mL within a factor of twenty.
/// @throws Error(bad_input) where the method shows no cells, or the row lacks what it needs.
[[nodiscard]] TracerBelief tracer_belief(const TracerGiven& tracer, const catalogue::Cell& cell,
                                         const std::string& species, double body_mass_g,
                                         const std::vector<records::Measurement>& measurements);

/// Whether cells can be counted by this method's tracer: a reporter gene's or a probe's.
[[nodiscard]] bool shows_cells(const catalogue::Method& method);

/// Cells of the catalogue that bear a probe's target. Empty id where the row names none.
[[nodiscard]] std::string bearer_of(const catalogue::Method& method);

}  // namespace sojourn::fate
