#pragma once
#include "sojourn/image/volume.h"

namespace sojourn::recon {

/// Relative difference prior over the 26 neighbours, weights 1 / distance (of a voxel's smallest
/// edge): R(x) = sum over pairs w (x_j - x_k)^2 / (x_j + x_k + gamma |x_j - x_k| + epsilon).
/// @source Nuyts et al., IEEE Trans Nucl Sci 2002;49:56-60, doi:10.1109/TNS.2002.998681.
struct RelativeDifference {
  double beta = 0;     ///< weight of the prior; 0: none
  double gamma = 2;    ///< how far edges are spared
  double epsilon = 0;  ///< image unit; keeps pairs of zeros finite. 0: 1e-6 of the largest value
};

[[nodiscard]] double prior_value(const RelativeDifference& prior, const image::Volume<float>& x);
/// dR/dx, beta included.
[[nodiscard]] image::Volume<float> prior_gradient(const RelativeDifference& prior,
                                                  const image::Volume<float>& x);

}  // namespace sojourn::recon
