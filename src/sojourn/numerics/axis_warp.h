#pragma once
#include <span>
#include <vector>

namespace sojourn::numerics {

/// A monotone map of one axis, x(z), through knots: cubic between them, straight outside
/// (there never much flatter than on average, so that tails are not cut short).
/// @source Fritsch & Butland, A method for constructing local monotone piecewise cubic
/// interpolants, SIAM J Sci Stat Comput 5 (1984) 300, doi:10.1137/0905021 (three-point slopes).
class AxisWarp {
 public:
  /// x = centre + scale z.
  static AxisWarp line(double centre, double scale);

  /// Takes quantiles of the normal distribution to those of the values, at the given probabilities.
  /// @param sorted ascending, at least two; @param probabilities ascending, inside (0, 1), at least
  /// three.
  /// Ties are spread by a thousandth of the mean slope, so that the map stays invertible; the
  /// outermost pieces by a quarter of it.
  static AxisWarp through(std::span<const double> sorted, std::span<const double> probabilities);

  struct Place {
    double x = 0, slope = 1;  ///< slope: dx/dz > 0
  };
  [[nodiscard]] Place at(double z) const;
  [[nodiscard]] double inverse(double x) const;

 private:
  std::vector<double> z_, x_, slope_;
  double below_ = 1, above_ = 1;  ///< slopes outside the knots
};

}  // namespace sojourn::numerics
