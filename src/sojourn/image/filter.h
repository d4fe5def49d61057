#pragma once
#include "sojourn/image/volume.h"

namespace sojourn::image {

/// Convolves with a Gaussian of the given FWHM along each axis (0: none), by separable direct
/// convolution with a kernel of the Gaussian's own variance (gaussian_kernel.h), cut at 4 sigma,
/// sum 1; the sum of the values is kept but for what leaves the grid (values outside are 0). Same
/// result for any number of threads.
void gaussian_blur(Volume<float>& volume, const Vec3& fwhm_mm);

/// A picture of a volume: width x height floats, row by row from the top.
struct Projection {
  int width = 0, height = 0;
  double pixel_width_mm = 1, pixel_height_mm = 1;
  std::vector<float> values;
};

/// Maximum along the axis of the volume nearest to `direction` (0 left-right, 1 front-back, 2
/// head-foot), with the head up; seen from the front, the subject's right stands on the left
/// ("radiological"); seen from the side, its front stands on the left.
[[nodiscard]] Projection maximum_projection(const Volume<float>& volume, int direction);

}  // namespace sojourn::image
