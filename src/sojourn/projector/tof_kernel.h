#pragma once
#include <cstddef>
#include <vector>

namespace sojourn::projector {

/// Time of flight of a scanner, as distances along the line: mm = ps * c / 2.
struct TofResolution {
  double sigma_mm = 0;      ///< Gaussian standard deviation of the measured place, > 0
  double bin_mm = 0;        ///< width of the bin that a value stands for; 0: the place itself, of
                            ///< which the projection is then a density per mm
  double cut_sigmas = 3.5;  ///< the Gaussian is cut there and rescaled to area 1
};

/// Probability that an annihilation at distance d along the line from the middle of a bin is
/// recorded in that bin: the Gaussian, cut at +-cut_sigmas and rescaled to area 1, integrated over
/// the bin. Bins that cover the line therefore sum to 1 at every place, whatever the cut.
/// The inner loops read it from a table with linear interpolation.
class TofKernel {
 public:
  static constexpr std::size_t kSteps = 2048;

  TofKernel() = default;
  /// @throws Error(bad_value) sigma not over 0, bin negative, cut not in 1 to 10.
  explicit TofKernel(const TofResolution& resolution);

  /// The formula itself, double precision. @param d_mm distance from the middle of the bin.
  [[nodiscard]] double exact(double d_mm) const;

  /// Half the width of the kernel: 0 beyond.
  [[nodiscard]] double reach_mm() const { return reach_mm_; }
  [[nodiscard]] const TofResolution& resolution() const { return resolution_; }
  /// Values at d = i * table_step_mm(), i up to kSteps; two more at the end hold the last value.
  [[nodiscard]] const std::vector<float>& table() const { return table_; }
  [[nodiscard]] double table_step_mm() const { return reach_mm_ / kSteps; }

 private:
  TofResolution resolution_;
  double reach_mm_ = 0, area_ = 1;
  std::vector<float> table_;
};

/// mm along the line of response for a difference of arrival times of 1 ps: c / 2.
[[nodiscard]] double tof_mm_per_ps();

}  // namespace sojourn::projector
