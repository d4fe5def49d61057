#pragma once
#include <vector>

#include "sojourn/records/list_mode.h"

namespace sojourn::simulate {

/// Lines of response by angle and distance from the axis, all planes together: what NEMA's scatter
/// fraction is read from.
class NemaSinogram {
 public:
  /// @param half_width_mm distances beyond are dropped.
  NemaSinogram(double half_width_mm, double bin_mm, int angles);
  void add(const records::RingGeometry& geometry, const records::ListModeEvent& event);

  struct Split {
    double total = 0, scatter = 0;
  };
  /// Each angle shifted so that its maximum lies in the middle, summed; outside of the strip all is
  /// scatter, inside what a straight line between the strip's edges says.
  /// @param strip_mm whole width: 14 (NU 4), 40 (NU 2).
  [[nodiscard]] Split split(double strip_mm) const;

 private:
  double half_width_mm_, bin_mm_;
  int angles_, bins_;
  std::vector<double> counts_;
};

}  // namespace sojourn::simulate
