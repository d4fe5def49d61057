#pragma once
#include <cstddef>
#include <vector>

#include "sojourn/projector/lor.h"

namespace sojourn::projector {

/// Planes that share a difference of rings.
struct Segment {
  int planes = 0;
  double ring_difference = 0;  ///< mean of the segment; its line climbs by that many rings
  bool merged = false;         ///< several ring differences: planes lie half a ring apart
};

/// Where the bins of a sinogram of a cylindrical scanner lie. The line of view v and tangential bin
/// t obeys x cos(phi) + y sin(phi) = s with phi = view_offset + pi v / views; s = t bin_mm where
/// the data are arc-corrected, else radius sin(t pi / detectors). t counts from -tangential / 2;
/// planes are centred on z = 0.
/// @source the convention of STIR's ProjDataInfoCylindrical (LORCoordinates.inl), Thielemans et
/// al., Phys Med Biol 2012;57:867-883, doi:10.1088/0031-9155/57/4/867.
struct SinogramShape {
  int views = 0, tangential = 0;
  std::vector<Segment> segments;
  double radius_mm = 0;  ///< to where the crystals stop photons
  double ring_mm = 0;    ///< distance of rings
  bool arc_corrected = true;
  double bin_mm = 0;  ///< where arc_corrected
  int detectors = 0;  ///< in a ring, where not
  double view_offset_rad = 0;

  [[nodiscard]] std::size_t planes() const;
  [[nodiscard]] std::size_t bins() const;
  /// @param plane in its segment. @param t from 0.
  [[nodiscard]] Lor line(std::size_t segment, int plane, int view, int t) const;
  /// Half the length of what all planes see.
  [[nodiscard]] double half_length_mm() const;
};

}  // namespace sojourn::projector
