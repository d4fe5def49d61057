#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace sojourn::projector {

/// A line of response: its two end points in patient space (LPS), mm. The order of the ends gives
/// the sign of the time of flight.
struct Lor {
  std::array<float, 3> from_mm{0, 0, 0}, to_mm{0, 0, 0};
};

/// Lines with, where the scanner measures it, the time of flight of each.
struct Lines {
  std::vector<Lor> lors;
  /// Most likely place of the annihilation, as a signed distance in mm from the middle of the line
  /// towards `to_mm`: c (t_from - t_to) / 2. Empty: no time of flight.
  std::vector<float> tof_mm;

  [[nodiscard]] std::size_t size() const { return lors.size(); }
};

}  // namespace sojourn::projector
