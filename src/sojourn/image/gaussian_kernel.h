#pragma once
#include <vector>

namespace sojourn::image {

/// Half of a symmetric discrete Gaussian, [0] in the middle, cut at 4 sigma, of sum 1 and variance
/// sigma^2. Images hold voxel averages: integrating the Gaussian over voxels as well would blur
/// twice and widen it by a twelfth of a voxel squared, so the width that is integrated is adjusted.
/// Below a variance of 1/6 it has three taps.
/// @param sigma in voxels, >= 0.
[[nodiscard]] std::vector<double> gaussian_half_kernel(double sigma);

}  // namespace sojourn::image
