#pragma once
#include <span>
#include <string>
#include <vector>

/// Curves over time and what can be done to them without an error of discretisation.
namespace sojourn::fate::kinetics {

/// A curve that is linear between its knots. Before the first knot it is 0 (the tracer has not
/// arrived); after the last it is not defined. Values are in the unit that the holder says, here
/// mostly Bq/mL, all decay-corrected to one time.
struct Curve {
  std::vector<double> time_s;  ///< shape [n], increasing, since the injection of the tracer
  std::vector<double> value;   ///< shape [n], finite
};

/// When a frame was taken, seconds since the injection of the tracer.
struct FrameTime {
  double start_s = 0, duration_s = 0;

  [[nodiscard]] double end_s() const { return start_s + duration_s; }
  [[nodiscard]] double mid_s() const { return start_s + duration_s / 2; }
};

/// A number and its standard error; infinite where the data do not determine it.
struct Estimate {
  double value = 0, standard_error = 0;
};

/// @throws Error(bad_input) for fewer than two knots, times that do not increase, values that are
/// not finite; `what` names the curve.
void check(const Curve& curve, const std::string& what);

/// @throws Error(bad_input) for no frames, durations that are not positive, frames that overlap or
/// are not in order.
void check(const std::vector<FrameTime>& frames);

/// Value at a time. @throws Error(bad_input) after the last knot.
[[nodiscard]] double value_at(const Curve& curve, double time_s);

/// Integral from the injection to a time (unit of the curve x s). @throws as value_at.
[[nodiscard]] double integral_to(const Curve& curve, double time_s);

/// The same curve, `delay_s` later.
[[nodiscard]] Curve shifted(Curve curve, double delay_s);

/// Product of two curves on the knots of both, and on more of them so that none lie further apart
/// than `max_step_s`: the product of two straight lines is a parabola, from which the result then
/// departs by at most |slope a · slope b| · step²/4. Ends where the shorter one does.
/// @throws Error(bad_input) for a step that is not positive.
[[nodiscard]] Curve product(const Curve& a, const Curve& b, double max_step_s = 10);

/// Adds a tail up to `until_s`: from its last value the curve falls exponentially, at the rate of
/// the straight line through the logarithms of the last `n_samples` values (never rising). Blood is
/// often drawn a little less long than the scan lasts. No change where the curve is long enough.
/// @throws Error(bad_input) where a value of those is not positive.
[[nodiscard]] Curve extended(Curve curve, double until_s, std::size_t n_samples = 3);

/// A curve with the given mean in each frame: knots where frames meet (interpolated between the
/// mid-times) and at the mid-times, where the value is set so that the mean is kept. It starts from
/// 0 at the start of the first frame; gaps between frames are bridged by a straight line.
/// @throws Error(bad_input) where the first frame starts more than a minute and more than its own
/// duration after the injection: what came before is not known then.
[[nodiscard]] Curve curve_of_means(const std::vector<FrameTime>& frames,
                                   std::span<const double> mean);

}  // namespace sojourn::fate::kinetics
