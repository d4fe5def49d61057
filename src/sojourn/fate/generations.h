#pragma once
#include <cstddef>
#include <vector>

/// How often the descendants of the infused cells have divided, and so how label is spread over
/// them: dn_g/dt = 2 rho n_(g-1) - (rho + delta) n_g.
namespace sojourn::fate {

/// Living cells by generation, from one infused cell.
struct Generations {
  std::vector<double> cells;  ///< n_g for g = 0 … the last asked for
  double beyond = 0;          ///< cells of later generations
};

/// n_g = (2 m)^g / g! exp(-m - d), m the divisions that a cell goes through on average (integral of
/// rho) and d the integral of delta: rates may change with time and be any function of it, so long
/// as they are the same for all generations.
/// @param divisions m >= 0; @param deaths d >= 0. @throws Error(bad_value) otherwise.
/// @source Poisson process of divisions along a line of descent, each doubling the cells: e.g. De
/// Boer RJ, Perelson AS, J Theor Biol 327 (2013) 45.
[[nodiscard]] Generations generations(double divisions, double deaths, std::size_t last);

/// Mean label of a living cell over its value at the start, without efflux: exp(-m), the mean of
/// 2^-g.
[[nodiscard]] double mean_dilution(double divisions);

/// Relative standard deviation of the label over living cells that started alike:
/// sqrt(exp(m / 2) - 1). Halves do not spread further when cells die or label leaks evenly.
[[nodiscard]] double dilution_spread(double divisions);

}  // namespace sojourn::fate
