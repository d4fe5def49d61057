#pragma once
#include <string>
#include <vector>

namespace sojourn::transport {

/// Distances of annihilation from emission in water (1 g/mL), quantiles even in probability: entry
/// i of `count` + 1 holds the share i / count; the last stands for the outermost half of a
/// quantile. Positrons of the nuclide's spectrum are followed in steps of a tenth of their energy
/// with continuous slowing down and deflections of the exact mean (Lewis' moments hold by
/// construction). Straggling, positronium and flight at rest are left out.
/// @throws Error(bad_input) for nuclides that emit no positrons.
[[nodiscard]] std::vector<float> range_quantiles_mm(const std::string& nuclide, std::size_t count);

}  // namespace sojourn::transport
