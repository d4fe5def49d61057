#pragma once
#include <optional>
#include <span>
#include <vector>

/// Label and cells of one infused lineage with constant rates, in closed form. Quantities carry no
/// physical decay. Equations, sources and limits: docs/theory/label_and_cells.md.
namespace sojourn::fate {

/// Rates per second; fractions between 0 and 1.
struct Rates {
  double division_per_s = 0;         ///< rho
  double death_per_s = 0;            ///< delta
  double efflux_per_s = 0;           ///< epsilon, label from living cells
  double phagocytosed_fraction = 0;  ///< phi, of a dead cell's label
  double debris_release_per_s = 0;   ///< r
  double free_clearance_per_s = 0;   ///< kappa, of free label from plasma by all routes
};

/// Where free label goes; what the named routes leave is held by other tissue.
struct Routes {
  double bone = 0, liver = 0, kidney = 0, excreted = 0;
  [[nodiscard]] double rest() const { return 1 - bone - liver - kidney - excreted; }
};

/// Divides the four routes by their sum where it exceeds 1.
[[nodiscard]] Routes normalised(Routes routes);

/// What enters at one moment.
struct Start {
  double cells = 0;  ///< living
  double live_bq = 0, debris_bq = 0, free_bq = 0;
};

/// Amounts at one moment, in the units of Start.
struct Amounts {
  double cells = 0;
  double live_bq = 0;     ///< L: in living cells
  double debris_bq = 0;   ///< R: in phagocytes and debris
  double free_bq = 0;     ///< F: in plasma
  double cleared_bq = 0;  ///< taken from plasma since the start, by all routes
};

/// Amounts a time t >= 0 after `start`.
[[nodiscard]] Amounts propagate_label(const Rates& rates, const Start& start, double t_s);

/// One dose of cells of several: the share of the whole and its middle, relative to the origin of
/// time.
struct Dose {
  double share = 1;
  double at_s = 0;
};

/// A time during which the free label takes other routes (deferoxamine).
struct Detour {
  Routes routes;
  double start_s = 0, stop_s = 0;
};

/// Free label by where it went.
struct Deposits {
  double bone_bq = 0, liver_bq = 0, kidney_bq = 0, rest_bq = 0, excreted_bq = 0;
};

/// Superposes the doses (the system is linear).
[[nodiscard]] Amounts superpose(const Rates& rates, const Start& whole, std::span<const Dose> doses,
                                double t_s);

/// Splits what has been cleared by time t among the routes, with the detour where one is given.
[[nodiscard]] Deposits deposits(const Rates& rates, const Start& whole, std::span<const Dose> doses,
                                const Routes& routes, const std::optional<Detour>& detour,
                                double t_s);

/// Divided difference of exp(-x t) over the rates, made positive: the amount in the last of a chain
/// of stages that empty with these rates, after a unit in the first and for unit transfer; the same
/// to rounding for equal rates.
/// @source Opitz, ZAMM 44 (1964) T52; McCurdy, Ng & Parlett, Math Comp 43 (1984) 501.
[[nodiscard]] double chain_response(std::vector<double> rates, double t);

}  // namespace sojourn::fate
