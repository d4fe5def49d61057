#pragma once
#include <string>
#include <vector>

#include "sojourn/dose/electron_lines.h"

namespace sojourn::dose {

/// A cell: two concentric spheres of water density.
struct CellShape {
  double cell_radius_um = 0;
  double nucleus_radius_um = 0;  ///< over 0 and below the cell's
};

/// Where the activity sits.
enum class CellPart { cell, nucleus, cytoplasm, surface };

/// "cell", "nucleus", "cytoplasm", "surface"; @throws Error(bad_input) for other words.
[[nodiscard]] CellPart cell_part(const std::string& word);

/// Dose to a target per decay in a source, Gy/(Bq s) = Gy per decay.
struct CellSValues {
  double c_c = 0;   ///< cell from cell
  double c_cs = 0;  ///< cell from its surface
  double n_n = 0;   ///< nucleus from nucleus
  double n_cy = 0;  ///< nucleus from cytoplasm
  double n_cs = 0;  ///< nucleus from the cell's surface
  double n_c = 0;   ///< nucleus from the whole cell, by volume

  [[nodiscard]] double to_nucleus(CellPart source) const;
};

/// S values of electrons by the MIRD Committee's method for cells: straight
/// electron paths with Cole's range-energy relation. Photons are left out: of 100 keV they leave
/// under 1e-4 of their energy in a cell.
/// @throws Error(bad_input) for radii that are not 0.1 um <= nucleus < cell <= 1 mm.
/// @source Goddu et al., J Nucl Med 35 (1994) 303-316.
[[nodiscard]] CellSValues cell_s_values(const std::vector<ElectronLine>& lines,
                                        const CellShape& shape);

/// Gy of 1 keV in the mass of a water sphere.
[[nodiscard]] double gy_per_kev(double radius_um);

/// Dose to a sphere from a point at `distance_um` of its middle, Gy per decay.
[[nodiscard]] double dose_from_point_gy(const std::vector<ElectronLine>& lines, double distance_um,
                                        double target_radius_um);

/// Dose to the nucleus of a cell in the middle of a ball of `ball_radius_um` that holds 1 Bq/mL
/// outside that cell, Gy per (Bq s/mL): electrons of the neighbours and of the medium.
/// @param ball_radius_um over the cell's; std::numeric_limits<double>::infinity() is allowed.
[[nodiscard]] double nucleus_dose_from_around(const std::vector<ElectronLine>& lines,
                                              const CellShape& shape, double ball_radius_um);

/// Mean dose in such a ball over the dose in its middle, electrons, 0 to 1: what the edge loses.
[[nodiscard]] double mean_over_middle(const std::vector<ElectronLine>& lines,
                                      double ball_radius_um);

}  // namespace sojourn::dose
