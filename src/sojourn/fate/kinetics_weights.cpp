#include "sojourn/fate/kinetics_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::fate::kinetics {

std::vector<double> counting_weights(const std::vector<FrameTime>& frames,
                                     std::span<const double> mean, double half_life_s,
                                     double floor) {
  check(frames);
  if (!mean.empty() && mean.size() != frames.size())
    refuse("{} values for {} frames (one each is needed)", mean.size(), frames.size());
  if (!(half_life_s > 0)) refuse("a half-life of {} s (it must be positive)", half_life_s);
  if (!(floor > 0 && floor <= 1)) refuse("a floor of {} (it must lie in (0, 1])", floor);
  const double highest = mean.empty() ? 1 : *std::max_element(mean.begin(), mean.end());
  if (!(highest > 0)) refuse("no frame has a positive mean (weights by counts need one)");
  std::vector<double> weights;
  double sum = 0;
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const double correction =
        nuclide::mean_to_reference(frames[f].duration_s, -frames[f].start_s, half_life_s);
    const double value = mean.empty() ? 1 : std::max(mean[f], floor * highest);
    weights.push_back(frames[f].duration_s / (correction * value));
    sum += weights.back();
  }
  for (double& w : weights) w *= static_cast<double>(frames.size()) / sum;
  return weights;
}

ResidualCheck check_residuals(std::span<const double> data, std::span<const double> fitted,
                              std::span<const double> weights) {
  if (data.size() != fitted.size() || (!weights.empty() && weights.size() != data.size()))
    refuse("{} data, {} fitted values and {} weights do not fit together", data.size(),
           fitted.size(), weights.size());
  ResidualCheck result;
  double above = 0, below = 0;
  int last = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    const double r = std::sqrt(weight) * (data[i] - fitted[i]);
    result.weighted.push_back(r);
    result.weighted_squares += r * r;
    const int sign = (r > 0) - (r < 0);
    if (sign == 0) continue;
    if (sign != last) ++result.runs;
    last = sign;
    (sign > 0 ? above : below) += 1;
  }
  const double n = above + below, product = 2 * above * below;
  const double variance = n > 1 ? product * (product - n) / (n * n * (n - 1)) : 0;
  if (variance > 0) result.runs_z = (result.runs - product / n - 1) / std::sqrt(variance);
  return result;
}

double akaike_criterion(double weighted_squares, int n_data, int n_parameters) {
  const double n = n_data, p = n_parameters + 1;
  if (n <= p + 1) return std::numeric_limits<double>::infinity();
  return n * std::log(weighted_squares / n) + 2 * p + 2 * p * (p + 1) / (n - p - 1);
}

}  // namespace sojourn::fate::kinetics
