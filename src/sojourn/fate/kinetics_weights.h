#pragma once
#include <span>
#include <vector>

#include "sojourn/fate/kinetics_curve.h"

/// How much each frame counts, and what the residuals of a fit say.
namespace sojourn::fate::kinetics {

/// Relative weights of decay-corrected frame means by counting statistics: with N = C Δ / d counts
/// (d the frame's decay correction, C its corrected mean), var(C) ∝ C d / Δ, so w = Δ / (d C),
/// scaled to a mean of 1. Values below `floor` of the highest one are raised to it: an empty frame
/// must not take the whole fit.
/// @param mean shape [n_frames], decay-corrected to the injection, Bq/mL; empty: weights by
/// duration and decay alone, w = Δ / d. @param half_life_s > 0.
/// @throws Error(bad_input) for shapes, a half-life or a floor out of range, means none of which is
/// positive.
/// @source Thiele & Buchert, Nucl Med Commun 29 (2008) 179 (this and other choices compared).
[[nodiscard]] std::vector<double> counting_weights(const std::vector<FrameTime>& frames,
                                                   std::span<const double> mean, double half_life_s,
                                                   double floor = 0.05);

/// What residuals of a fit look like.
struct ResidualCheck {
  std::vector<double> weighted;  ///< √w (data − fit)
  double weighted_squares = 0;
  int runs = 0;       ///< stretches of equal sign among frames with weight
  double runs_z = 0;  ///< Wald and Wolfowitz: below −2 the model misses a trend; 0 where all
                      ///< residuals have one sign or none
};

/// @param weights empty: equal. @throws Error(bad_input) for shapes that do not fit.
[[nodiscard]] ResidualCheck check_residuals(std::span<const double> data,
                                            std::span<const double> fitted,
                                            std::span<const double> weights = {});

/// Akaike's criterion with the correction for small samples, n ln(squares/n) + 2 p + 2 p (p + 1) /
/// (n − p − 1), p parameters with the variance counted; infinite where n <= p + 1.
/// @source Hurvich & Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297.
[[nodiscard]] double akaike_criterion(double weighted_squares, int n_data, int n_parameters);

}  // namespace sojourn::fate::kinetics
