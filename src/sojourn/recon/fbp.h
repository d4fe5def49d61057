#pragma once
#include <span>

#include "sojourn/image/volume.h"
#include "sojourn/projector/sinogram.h"

namespace sojourn::recon {

/// Filtered back-projection of each direct plane: ramp filter in its band-limited form, times a
/// Hann window, then back-projection with linear interpolation. A reference for the iterative
/// methods: linear and fast, but it models nothing.
///
/// @param values of segment 0, [plane][view][t], counts. @param cutoff of the Hann window as part
/// of the Nyquist frequency, over 0 and at most 1.
/// @return planes on a grid with voxels of one bin, counts per mm of line integral.
/// @throws Error(bad_input) data that are not arc-corrected.
/// @source Kak and Slaney, Principles of Computerized Tomographic Imaging, IEEE Press 1988, chapter
/// 3, equations 61 and 64.
[[nodiscard]] image::Volume<float> filtered_back_projection(const projector::SinogramShape& shape,
                                                            std::span<const float> values,
                                                            double cutoff = 1);

}  // namespace sojourn::recon
