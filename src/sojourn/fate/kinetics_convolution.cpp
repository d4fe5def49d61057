#include "sojourn/fate/kinetics_convolution.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate::kinetics {

ExponentialParts exponential_parts(double x) {
  ExponentialParts result;
  result.decay = std::exp(-x);
  auto& e = result.e;
  constexpr double kSeries = 1.0;  // beyond, the recurrence loses less than two digits
  if (std::abs(x) < kSeries) {
    double term = 1.0 / 6, sum = term;
    for (int n = 1; n < 30 && std::abs(term) > 1e-18; ++n) sum += term *= -x / (n + 3);
    e[2] = sum;
    e[1] = 0.5 - x * e[2];
    e[0] = 1 - x * e[1];
  } else {
    e[0] = -std::expm1(-x) / x;
    e[1] = (1 - e[0]) / x;
    e[2] = (0.5 - e[1]) / x;
  }
  return result;
}

CurveInFrames::CurveInFrames(const Curve& curve, const std::vector<FrameTime>& frames) {
  check(curve, "a curve");
  check(frames);
  if (frames.back().end_s() > curve.time_s.back() + 1e-3)
    refuse(
        "a curve ends at {:.6g} s, before the last frame does ({:.6g} s): sample longer or extend "
        "it",
        curve.time_s.back(), frames.back().end_s());
  const double last = curve.time_s.back();
  std::vector<double> knots(curve.time_s);
  for (const auto& f : frames)
    for (const double t : {f.start_s, f.end_s()})
      if (t > curve.time_s.front() && t < last) knots.push_back(t);
  std::sort(knots.begin(), knots.end());
  std::size_t f = 0;
  for (std::size_t i = 0; i + 1 < knots.size() && f < frames.size(); ++i) {
    const double begin = knots[i], end = knots[i + 1];
    if (!(end > begin)) continue;
    while (f < frames.size() && frames[f].end_s() <= begin) ++f;
    if (f == frames.size()) break;
    const double from = value_at(curve, begin), to = value_at(curve, end);
    const bool inside = begin >= frames[f].start_s;
    pieces_.push_back(
        {end - begin, from, (to - from) / (end - begin), inside ? static_cast<int>(f) : -1});
  }
  mean_.assign(frames.size(), 0.0);
  for (const auto& frame : frames) duration_s_.push_back(frame.duration_s);
  for (const auto& p : pieces_)
    if (p.frame >= 0) {
      const auto at = static_cast<std::size_t>(p.frame);
      mean_[at] += p.length_s * (p.start_value + p.slope_per_s * p.length_s / 2) / duration_s_[at];
    }
}

std::vector<double> CurveInFrames::convolved(double rate_per_s) const {
  if (!(rate_per_s >= 0 && std::isfinite(rate_per_s)))
    throw Error(ErrorCode::bad_value,
                fmt::format("a convolution with the rate {} 1/s (it must be >= 0)", rate_per_s));
  std::vector<double> result(duration_s_.size(), 0.0);
  double state = 0;
  for (const auto& p : pieces_) {
    const double h = p.length_s;
    const auto parts = exponential_parts(rate_per_s * h);
    const auto& e = parts.e;
    if (p.frame >= 0)
      result[static_cast<std::size_t>(p.frame)] +=
          h * (state * e[0] + h * (p.start_value * e[1] + p.slope_per_s * h * e[2]));
    state = state * parts.decay + h * (p.start_value * e[0] + p.slope_per_s * h * e[1]);
  }
  for (std::size_t f = 0; f < result.size(); ++f) result[f] /= duration_s_[f];
  return result;
}

}  // namespace sojourn::fate::kinetics
