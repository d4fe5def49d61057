#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/image/volume.h"

namespace sojourn::measure {

/// Variance of the total of a cube of `volume_ml` whose noise is independent events blurred by a
/// Gaussian, over the variance of the events themselves: 1 for large cubes, less where the blur
/// spreads events beyond the edge.
[[nodiscard]] double blurred_noise_share(double volume_ml, const image::Vec3& blur_fwhm_mm);

/// The same over the activity that the region shows, for a hot region in cold surroundings: its
/// events lie where the region's weight is highest, so that more of their noise stays. int E (h
/// E)^2 / int E (h E), bounded from below by the region's own recovery int E (h E) / V, which is
/// returned; larger than blurred_noise_share.
[[nodiscard]] double hot_noise_share(double volume_ml, const image::Vec3& blur_fwhm_mm);

/// Variance per activity (Bq) of the totals of large regions, from differences between neighbouring
/// blocks that lie in one region (or in the background), 1.5 FWHM wide and away from its edges:
/// median of squares, so that tissue structure counts little; the brighter half of the pairs, where
/// counting noise rules.
/// @param owner 0 where nothing is known, else one number for each region.
/// @return nothing where fewer than 30 pairs fit.
[[nodiscard]] std::optional<double> variance_per_activity_bq(
    const image::Volume<float>& concentration_bq_per_ml, const std::vector<std::uint16_t>& owner,
    const image::Vec3& blur_fwhm_mm);

/// Standard deviation of a total from counting: sqrt(g (A + g)), which is sqrt(n + 1) for a count
/// of n = A / g. The total is gross, so its background is in it; the spread of background places is
/// no part of it, since that holds the structure of tissue, which a second scan would show again.
/// @param per_bq g: variance per activity of this region's total.
[[nodiscard]] double counting_noise(double activity_bq, double per_bq);

/// Smallest net activity that is told from the background, and that is found 95 % of the time.
struct Limits {
  double decision = 0;   ///< L_C = k sigma_0
  double detection = 0;  ///< L_D = 2 k sigma_0 + k^2 g
};
/// @param spread   standard deviation of `places` background totals (0 places: known exactly, or
/// predicted).
/// @param per_bq   g: variance per activity.
/// @source Currie, Anal Chem 1968;40:586-593, with Student's t for fewer than 30 places.
[[nodiscard]] Limits detection_limits(double spread, std::size_t places, double per_bq);

}  // namespace sojourn::measure
