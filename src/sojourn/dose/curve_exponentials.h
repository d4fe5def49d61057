#pragma once
#include <optional>

#include "sojourn/dose/time_integral.h"

namespace sojourn::dose::detail {

/// A fitted sum of exponentials.
struct ExponentialFit {
  CurveCandidate candidate;
  double tail = 0;  ///< integral after the last point
};

/// Fits "mono", "bi", "tri" or "uptake". Nothing where there are too few points, the fit does not
/// converge, or the integral is not determined. @param decay_per_h the slowest rate allowed.
[[nodiscard]] std::optional<ExponentialFit> fit_exponentials(const std::vector<CurvePoint>& points,
                                                             const std::string& model,
                                                             double decay_per_h);

}  // namespace sojourn::dose::detail
