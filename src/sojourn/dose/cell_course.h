#pragma once
#include <limits>
#include <vector>

#include "sojourn/dose/cell_dose.h"
#include "sojourn/dose/nuclide_kernel.h"

namespace sojourn::dose {

/// A labelled cell and its descendants.
struct LabelledCell {
  double activity_bq = 0;  ///< in one cell when labelling ends, time 0
  double half_life_s = 0;
  CellPart part = CellPart::cytoplasm;
  double efflux_per_s = 0;
  double doubling_s = std::numeric_limits<double>::infinity();  ///< time in which the cells double
};

/// Labelled cells kept together before they are given: a pellet, or a suspension in a tube.
struct TubeStay {
  double duration_s = 0;
  double volume_ml = 0;       ///< taken as a ball
  double cells_per_ml = 0;    ///< labelled ones
  double free_bq_per_ml = 0;  ///< label outside the cells, at time 0
  /// Of photons for each Bq s/mL, mean over the tube: tube_photons_gy.
  double photons_gy_per_bq_s_per_ml = 0;
};

/// Decays in one cell of a lineage from time 0 to t: A (1 - e^(-kt))/k, k = decay + efflux +
/// ln 2 / doubling. Division halves the label of each daughter; of cells that divide at random
/// times this is the mean.
[[nodiscard]] double decays_until(const LabelledCell& cell, double t_s);

/// Dose to the nucleus, Gy.
struct NucleusDose {
  double own = 0;     ///< from the cell's own label
  double around = 0;  ///< from the other cells and the medium in the tube
  [[nodiscard]] double total() const { return own + around; }
};

/// Mean dose of photons in a ball of `volume_ml` of water from 1 Bq s/mL in it, Gy.
[[nodiscard]] double tube_photons_gy(const NuclideKernel& kernel, double volume_ml);

/// Dose to the nucleus until each time after labelling. Tube first: the cells stay together for
/// `tube.duration_s`, after that only the cell's own label counts. Nucleus and cell keep their
/// size.
/// @throws Error(bad_input) for numbers out of range, and for a tube that holds more cells than
/// room.
[[nodiscard]] std::vector<NucleusDose> nucleus_dose(const std::vector<ElectronLine>& lines,
                                                    const CellShape& shape,
                                                    const LabelledCell& cell, const TubeStay& tube,
                                                    const std::vector<double>& times_s);

}  // namespace sojourn::dose
