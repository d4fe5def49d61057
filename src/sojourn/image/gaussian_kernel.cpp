#include "sojourn/image/gaussian_kernel.h"

#include <cmath>

namespace sojourn::image {
namespace {

constexpr double kKernelSigmas = 4.0;  // the tail beyond is 6e-5 of the sum

std::vector<double> integrated_gaussian(double sigma, int reach) {
  std::vector<double> half;
  double sum = 0;
  for (int n = 0; n <= reach; ++n) {
    half.push_back(0.5 * (std::erf((n + 0.5) / (sigma * std::sqrt(2.0))) -
                          std::erf((n - 0.5) / (sigma * std::sqrt(2.0)))));
    sum += n == 0 ? half.back() : 2 * half.back();
  }
  for (double& tap : half) tap /= sum;
  return half;
}

}  // namespace

std::vector<double> gaussian_half_kernel(double sigma) {
  const double variance = sigma * sigma;
  if (variance <= 0) return {1.0};
  constexpr double kVoxelVariance = 1.0 / 12;
  if (variance < 2 * kVoxelVariance) return {1 - variance, variance / 2};  // three taps
  // A Gaussian integrated over voxels has its variance + 1/12, but for what folds over where it is
  // narrow: adjusted.
  std::vector<double> half;
  double inner = variance - kVoxelVariance;
  for (int step = 0; step < 50; ++step) {
    half =
        integrated_gaussian(std::sqrt(inner), static_cast<int>(std::ceil(kKernelSigmas * sigma)));
    double found = 0;
    for (std::size_t n = 1; n < half.size(); ++n) found += 2 * static_cast<double>(n * n) * half[n];
    if (std::abs(found - variance) < 1e-9 * variance) break;
    inner *= variance / found;
  }
  return half;
}

}  // namespace sojourn::image
