#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "sojourn/dose/nuclide_kernel.h"

namespace sojourn::dose {

/// Picks lines by the energy they carry, so that few histories go to what carries little; the
/// weight makes up for it. Lines of `least_kev` or less are summed as local.
template <typename Line>
class LineChoice {
 public:
  LineChoice(const std::vector<Line>& lines, double least_kev) {
    for (const auto& line : lines) {
      if (line.energy_kev <= least_kev) {
        local_kev += line.energy_kev * line.per_decay;
        continue;
      }
      kept_.push_back(line);
      sum_ += line.energy_kev * line.per_decay;
      cumulated_.push_back(sum_);
      highest_kev = std::max(highest_kev, line.energy_kev);
    }
  }
  [[nodiscard]] bool empty() const { return kept_.empty(); }
  /// Energy, and the decays that one history of it stands for.
  [[nodiscard]] std::pair<double, double> pick(double uniform) const {
    const auto at = std::upper_bound(cumulated_.begin(), cumulated_.end(), uniform * sum_);
    const auto i = std::min(static_cast<std::size_t>(at - cumulated_.begin()), kept_.size() - 1);
    return {kept_[i].energy_kev, sum_ / kept_[i].energy_kev};
  }
  /// All lines, keV per decay.
  [[nodiscard]] double sum() const { return sum_ + local_kev; }

  double local_kev = 0, highest_kev = 0;

 private:
  std::vector<Line> kept_;
  std::vector<double> cumulated_;
  double sum_ = 0;
};

}  // namespace sojourn::dose
