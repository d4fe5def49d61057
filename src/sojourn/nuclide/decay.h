#pragma once

namespace sojourn::nuclide {

/// Factor from the activity at one moment to that `elapsed_s` later: 2^(-elapsed/T½). Negative
/// times give growth back to an earlier moment.
[[nodiscard]] double decay_factor(double elapsed_s, double half_life_s);

/// Activity at the start of a frame over its mean during the frame: λΔ / (1 - e^(-λΔ)), 1 for Δ =
/// 0.
[[nodiscard]] double frame_start_over_mean(double duration_s, double half_life_s);

/// Every sum of decay in the house goes through here: brings the mean activity of a frame to a
/// reference time, A(t_r) = mean · λΔ/(1−e^(−λΔ)) · e^(λ(t_s−t_r)).
/// @param start_to_reference_s  t_r − t_s: the reference after the start of the frame is positive.
[[nodiscard]] double mean_to_reference(double duration_s, double start_to_reference_s,
                                       double half_life_s);

/// Time after the start of a frame at which the activity equals the frame's mean:
/// ln(λΔ/(1−e^(−λΔ)))/λ.
[[nodiscard]] double mean_activity_time_s(double duration_s, double half_life_s);

}  // namespace sojourn::nuclide
