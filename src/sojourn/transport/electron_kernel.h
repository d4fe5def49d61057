#pragma once
#include <cstdint>
#include <vector>

namespace sojourn::transport {

/// Energy that electrons from a point leave in shells of water.
struct ElectronKernel {
  double energy_kev = 0;
  double path_mm = 0;            ///< continuous-slowing-down path: the unit of `edges`
  std::vector<double> edges;     ///< shape [n + 1], ascending from 0
  std::vector<double> share;     ///< shape [n], of the energy
  std::vector<double> share_se;  ///< shape [n], statistical standard error
};

/// By Monte Carlo, in water without end. @param edges radii over the path; @param histories at
/// least 100. The same numbers for any number of threads.
[[nodiscard]] ElectronKernel electron_kernel(double energy_kev, const std::vector<double>& edges,
                                             std::size_t histories, std::uint64_t seed);

}  // namespace sojourn::transport
