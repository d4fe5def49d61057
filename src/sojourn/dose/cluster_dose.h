#pragma once
#include "sojourn/dose/cell_dose.h"

namespace sojourn::dose {

/// Dose to the nucleus in the middle of a cluster of equal cells, Gy per decay in each labelled
/// cell.
struct ClusterDose {
  double own = 0;        ///< from the cell's own label
  double cross = 0;      ///< from all others, were each of them labelled
  double radius_um = 0;  ///< of the ball that the cells fill

  /// Mean over places of labelled cells: a labelled cell, and one without label.
  [[nodiscard]] double labelled(double labelled_part) const { return own + labelled_part * cross; }
  [[nodiscard]] double unlabelled(double labelled_part) const { return labelled_part * cross; }
};

/// Dose to a nucleus from label spread evenly in the whole of a cell whose middle is `distance_um`
/// away (at least two radii: cells do not overlap), Gy per decay.
[[nodiscard]] double nucleus_from_neighbour(const std::vector<ElectronLine>& lines,
                                            const CellShape& shape, double distance_um);

/// Cells on a face-centred lattice that touch (74 % of the space), the `cells` nearest to the
/// middle; electrons. Label evenly in the cell. @param cells 1 to 100000.
/// @source the lattice of Goddu SM, Rao DV, Howell RW, J Nucl Med 35 (1994) 521 (clusters of
/// closely packed cells).
[[nodiscard]] ClusterDose cluster_dose(const std::vector<ElectronLine>& lines,
                                       const CellShape& shape, int cells);

}  // namespace sojourn::dose
