#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/fate/body_defaults.h"

/// What living cells and sites show, by class of method: label that was put into the cells dilutes,
/// stays in debris and decays; what cells make themselves (reporter, light, targets of a probe) is
/// shown by every living one, and by nothing else.
namespace sojourn::fate {

/// Who is imaged and what was given.
struct SignalSetting {
  std::string species = "mouse";
  double body_mass_g = 25;
  double blood_fraction = 0.05;          ///< mL per g
  std::optional<double> label_per_cell;  ///< of a living cell at infusion; none: the row's usual
  std::optional<double> injected_bq;     ///< of a tracer; none: the row's usual for the species
  /// Of a probe whose row has neither its mass nor its molar activity; none: a trace of it.
  std::optional<double> usual_bq_per_mol;
};

struct CellSignal {
  std::string unit;        ///< "Bq", "19F atoms", "g", "1/s"
  bool carried = false;    ///< put into the cells: divided among descendants
  double per_cell = 0;     ///< of one living cell: carried at infusion, else when imaged
  double half_life_s = 0;  ///< of a carried label's decay; 0: none
};

/// A sphere of the cell's diameter, 1.05 g/mL (assumed for all cells).
[[nodiscard]] double cell_mass_g(const catalogue::Cell& cell);

/// @throws Error(bad_input) for notes, tracers of metabolism, cells without the probe's target, and
/// rows that lack the number.
[[nodiscard]] CellSignal cell_signal_of(const catalogue::Method& method,
                                        const catalogue::Cell& cell, const SignalSetting& setting);

/// Concentration of an injected probe that is an SUV of 1, nmol per litre of body: from its usual
/// mass, else its molar activity, else the setting's; never less than the nuclide's own atoms.
/// @throws Error(bad_input) as cell_signal_of; for methods that are no probes.
[[nodiscard]] double probe_nm_per_suv(const catalogue::Method& method,
                                      const SignalSetting& setting);

/// Of one living cell, a time t after `start`, mean over the body.
[[nodiscard]] double signal_per_cell(const CellSignal& signal, const BodyState& start,
                                     const BodyState& now, double t_s);

/// Signal of a unit of the body's label at a time t after `start`, by what a living cell carried
/// then; 0 for signals that are not carried.
[[nodiscard]] double signal_per_label(const CellSignal& signal, const BodyState& start, double t_s);

/// Of each site: living cells and, for a carried label, debris and the free label that the organ of
/// that name holds; blood has the free label of plasma.
[[nodiscard]] std::vector<double> site_signal(const CellSignal& signal, const BodyModel& model,
                                              const BodyState& start, const BodyState& now,
                                              double t_s);

}  // namespace sojourn::fate
