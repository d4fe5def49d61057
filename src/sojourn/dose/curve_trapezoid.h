#pragma once
#include "sojourn/dose/time_integral.h"

namespace sojourn::dose::detail {

/// Parts of the area under measured points.
struct CurveArea {
  double before = 0;   ///< from 0 to the first point: its value, decay-corrected back
  double between = 0;  ///< straight lines upwards, exponentials downwards
  double tail = 0;     ///< physical decay after the last point
  double sd = 0;       ///< of the points' own sd
};

/// @param decay_per_h ln 2 over the half-life.
[[nodiscard]] CurveArea curve_area(const std::vector<CurvePoint>& points, double decay_per_h);

}  // namespace sojourn::dose::detail
