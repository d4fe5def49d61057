#pragma once
#include <array>
#include <vector>

#include "sojourn/fate/kinetics_curve.h"

/// Convolutions of piecewise-linear curves with exponentials, in closed form.
namespace sojourn::fate::kinetics {

/// E_k(x) = Σ_n (−x)^n / (n + k)! for k = 1, 2, 3, so that E_1 = (1 − e^{−x})/x, E_2 = (1 − E_1)/x,
/// E_3 = (1/2 − E_2)/x. By the series for small |x|, by these recurrences otherwise.
struct ExponentialParts {
  double decay = 1;                        ///< e^{−x}
  std::array<double, 3> e{1, .5, 1. / 6};  ///< E_1, E_2, E_3
};
[[nodiscard]] ExponentialParts exponential_parts(double x);

/// A curve seen through frames: frame means of S(t) = ∫_0^t c(s) e^{−a(t−s)} ds for any rate a,
/// without a step. On a piece of length h with c = c_0 + m s and x = a h,
///   S(h)    = S_0 e^{−x} + c_0 h E_1 + m h² E_2,
///   ∫_0^h S = S_0 h E_1 + c_0 h² E_2 + m h³ E_3.
/// @note frame means are taken with equal weight over the frame, while decay-corrected images give
/// its earlier part slightly more (docs/theory/kinetics.md says how little).
class CurveInFrames {
 public:
  /// @throws Error(bad_input) where the curve ends before the last frame, or `check` refuses.
  CurveInFrames(const Curve& curve, const std::vector<FrameTime>& frames);

  /// Frame means of the curve itself, shape [n_frames], in its unit.
  [[nodiscard]] const std::vector<double>& mean() const { return mean_; }
  /// Frame means of the convolution with e^{−rate t}, unit x s. Any finite rate >= 0;
  /// 0 gives the running integral.
  [[nodiscard]] std::vector<double> convolved(double rate_per_s) const;

 private:
  struct Piece {
    double length_s, start_value, slope_per_s;
    int frame;  ///< -1 between frames
  };
  std::vector<Piece> pieces_;
  std::vector<double> duration_s_, mean_;
};

}  // namespace sojourn::fate::kinetics
