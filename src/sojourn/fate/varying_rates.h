#pragma once
#include <span>
#include <vector>

#include "sojourn/fate/body_model.h"

/// Rates that change with time: cells that meet antigen divide after a lag, up to a peak, then
/// contract; part of them become memory cells.
namespace sojourn::fate {

/// @source the course of De Boer RJ et al., J Virol 75 (2001) 10663 (division after a lag until a
/// peak, then death), with a linear rise of division where they have a step.
struct Expansion {
  double lag_s = 0;              ///< until division rises
  double rise_s = 0;             ///< from the resting rate to the highest; 0: at once
  double division_per_s = 0;     ///< the highest, until the peak
  double peak_s = 0;             ///< end of expansion
  double extra_death_per_s = 0;  ///< of effector cells after the peak
  double memory_per_s = 0;       ///< effector to memory cells after the peak
  double memory_division_per_s = 0, memory_death_per_s = 0;

  /// Division and death of effector cells over the resting rates of a site.
  [[nodiscard]] double division_at(double t_s, double resting_per_s) const;
  [[nodiscard]] double death_at(double t_s, double resting_per_s) const;
  [[nodiscard]] double memory_at(double t_s) const { return t_s < peak_s ? 0 : memory_per_s; }
  /// Moments at which a rate bends or jumps, ascending: a solver restarts there.
  [[nodiscard]] std::vector<double> bends_s() const;
};

/// A body whose cells expand. `antigen` per site, 0 to 1: which part of the expansion and of the
/// extra death applies there.
struct ExpandingBody {
  BodyModel model;
  Expansion expansion;
  std::vector<double> antigen;

  /// Sizes of the system: effector n and L, memory n and L, R (per site each), F, B per sink, E.
  [[nodiscard]] std::size_t size() const;
  /// dy/dt, shape [size()]. The system is linear in y. @param chelated routes of deferoxamine.
  void slope(double t_s, std::span<const double> y, std::span<double> dydt,
             bool chelated = false) const;
  /// Effector cells from a state of the constant model; none are memory cells.
  [[nodiscard]] std::vector<double> start(const BodyState& state) const;
  /// The state of both kinds of cells together.
  [[nodiscard]] BodyState together(std::span<const double> y) const;
  /// Memory cells per site.
  [[nodiscard]] std::vector<double> memory_cells(std::span<const double> y) const;
};

/// States at `times_s` (ascending, >= 0) after `start` at 0. Where rates are constant the matrix
/// exponential is exact; where division rises, CVODES solves (relative tolerance 1e-10).
/// @throws Error(bad_value) where times do not ascend, or a rate or antigen is out of range.
[[nodiscard]] std::vector<std::vector<double>> expanding_course(const ExpandingBody& body,
                                                                const std::vector<double>& start,
                                                                const std::vector<double>& times_s,
                                                                bool chelated = false);

}  // namespace sojourn::fate
