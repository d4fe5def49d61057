#pragma once
#include "sojourn/io/interfile.h"
#include "sojourn/recon/acquisition.h"

namespace sojourn::recon {

/// A SPECT camera with one pinhole that turns around the z axis.
struct Pinhole {
  double aperture_mm = 0;  ///< from the axis to the pinhole
  double diameter_mm = 0;  ///< of the pinhole
  double efficiency = 1;   ///< part of the photons that reach the crystal and are counted
};

/// SPECT projections [view][axial][bin] of a pinhole camera; "radius" of the header is the distance
/// of the detector from the axis. A pixel counts  n = pixel hole cos^4 / (4 pi D^2)  per unit of
/// the line's integral, D from the pinhole to the detector, whatever the depth of the source: the
/// cone widens as its solid angle shrinks. The first view at 180 degrees stands on +y; with turning
/// CCW, seen from -z, it goes on towards +x, and bins (rows) are
/// stored the right way round: those of the first view ascend with x (z) of the subject. The
/// pinhole's width and attenuation are not modelled.
/// @throws Error(bad_input) with file and key.
/// @source Jaszczak et al., Phys Med Biol 1994;39:425-437, doi:10.1088/0031-9155/39/3/008
/// (geometry).
[[nodiscard]] Acquisition read_pinhole(const io::InterfileHeader& header, const Pinhole& pinhole,
                                       int subsets);

}  // namespace sojourn::recon
