#pragma once
#include <span>
#include <string>
#include <vector>

/// Axes with round ticks.
namespace sojourn::report {

struct Axis {
  double lo = 0, hi = 1;  ///< ends; lo < hi, and lo > 0 where it is logarithmic
  bool logarithmic = false;
  std::vector<double> ticks;  ///< ascending, inside [lo, hi], at least one
  std::vector<double> minor;  ///< without labels

  /// Where `value` lies: 0 at lo, 1 at hi; clamped to [0, 1] (not finite: 0).
  [[nodiscard]] double position(double value) const;
  /// "0.25", "10⁴".
  [[nodiscard]] std::string label(double tick) const;
};

/// Steps of 1, 2 or 5 times a power of ten, about `n_ticks` of them; ends lie on ticks.
[[nodiscard]] Axis linear_axis(double lo, double hi, int n_ticks = 5);
/// Ends at 1, 2 or 5 times a power of ten; ticks at the decades, and at 2 and 5 where there are
/// few.
/// @param lo, hi > 0.
[[nodiscard]] Axis log_axis(double lo, double hi);
/// Time from zero (or from the first value, if it lies late), with steps that fit hours and days,
/// or minutes.
[[nodiscard]] Axis time_axis(double lo, double hi, bool minutes, int n_ticks = 6);

/// Not finite values and those beyond 1e30 are left out. Linear from zero, or logarithmic where the
/// positive values span more than a factor 30. Values over a factor 1e5 below the largest do not
/// stretch a logarithmic axis.
[[nodiscard]] Axis value_axis(std::span<const double> values, int n_ticks = 5);

}  // namespace sojourn::report
