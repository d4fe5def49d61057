#include "sojourn/fate/kinetics_curve.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate::kinetics {
namespace {

/// Index of the last knot at or before the time; the time lies inside the curve.
std::size_t knot_before(const Curve& curve, double time_s) {
  const auto after = std::upper_bound(curve.time_s.begin(), curve.time_s.end(), time_s);
  return static_cast<std::size_t>(after - curve.time_s.begin()) - 1;
}

void check_end(const Curve& curve, double time_s) {
  if (time_s > curve.time_s.back())
    refuse(
        "a curve ends at {:.6g} s, its value at {:.6g} s is wanted (it is not known there): sample "
        "longer or extend it",
        curve.time_s.back(), time_s);
}

}  // namespace

void check(const Curve& curve, const std::string& what) {
  if (curve.time_s.size() != curve.value.size() || curve.time_s.size() < 2)
    refuse("{}: {} times and {} values (equal numbers and two at least are needed)", what,
           curve.time_s.size(), curve.value.size());
  for (std::size_t i = 0; i < curve.time_s.size(); ++i) {
    if (!std::isfinite(curve.time_s[i]) || !std::isfinite(curve.value[i]))
      refuse("{}: sample {} is not finite", what, i + 1);
    if (i > 0 && !(curve.time_s[i] > curve.time_s[i - 1]))
      refuse("{}: the time of sample {} ({:.6g} s) is not after the one before", what, i + 1,
             curve.time_s[i]);
  }
}

void check(const std::vector<FrameTime>& frames) {
  if (frames.empty()) refuse("no frames (a time-activity curve has one at least)");
  for (std::size_t f = 0; f < frames.size(); ++f) {
    if (!(frames[f].duration_s > 0) || !std::isfinite(frames[f].end_s()))
      refuse("frame {} lasts {} s (more than 0 is needed): leave it out", f + 1,
             frames[f].duration_s);
    // clocks of frames are often rounded to the millisecond
    if (f > 0 && frames[f].start_s < frames[f - 1].end_s() - 1e-3)
      refuse("frame {} starts at {:.6g} s, before the end of the one before ({:.6g} s)", f + 1,
             frames[f].start_s, frames[f - 1].end_s());
  }
}

double value_at(const Curve& curve, double time_s) {
  check_end(curve, time_s);
  if (time_s < curve.time_s.front()) return 0;
  const std::size_t i = knot_before(curve, time_s);
  if (i + 1 == curve.time_s.size()) return curve.value.back();
  const double share = (time_s - curve.time_s[i]) / (curve.time_s[i + 1] - curve.time_s[i]);
  return curve.value[i] + share * (curve.value[i + 1] - curve.value[i]);
}

double integral_to(const Curve& curve, double time_s) {
  check_end(curve, time_s);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < curve.time_s.size() && curve.time_s[i] < time_s; ++i) {
    const double end = std::min(time_s, curve.time_s[i + 1]);
    sum += (end - curve.time_s[i]) * (curve.value[i] + value_at(curve, end)) / 2;
  }
  return sum;
}

Curve shifted(Curve curve, double delay_s) {
  for (double& t : curve.time_s) t += delay_s;
  return curve;
}

Curve product(const Curve& a, const Curve& b, double max_step_s) {
  check(a, "the first factor");
  check(b, "the second factor");
  if (!(max_step_s > 0)) refuse("a step of {} s between knots (it must be positive)", max_step_s);
  const double begin = std::max(a.time_s.front(), b.time_s.front());
  const double end = std::min(a.time_s.back(), b.time_s.back());
  if (!(begin < end)) refuse("two curves that are to be multiplied share no time");
  std::vector<double> knots;
  for (const auto* times : {&a.time_s, &b.time_s})
    for (const double t : *times)
      if (t >= begin && t <= end) knots.push_back(t);
  std::sort(knots.begin(), knots.end());
  knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
  Curve result;
  const auto add = [&](double t) {
    result.time_s.push_back(t);
    result.value.push_back(value_at(a, t) * value_at(b, t));
  };
  for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
    const double length = knots[i + 1] - knots[i];
    const int parts = std::max(1, static_cast<int>(std::ceil(length / max_step_s)));
    for (int p = 0; p < parts; ++p) add(knots[i] + length * p / parts);
  }
  add(knots.back());
  return result;
}

Curve extended(Curve curve, double until_s, std::size_t n_samples) {
  check(curve, "a curve to extend");
  if (until_s <= curve.time_s.back()) return curve;
  const std::size_t n = std::min(std::max<std::size_t>(n_samples, 2), curve.time_s.size());
  double mean_t = 0, mean_ln = 0;
  for (std::size_t i = curve.time_s.size() - n; i < curve.time_s.size(); ++i) {
    if (!(curve.value[i] > 0))
      refuse("sample {} of a curve to extend is {} (a tail needs positive values)", i + 1,
             curve.value[i]);
    mean_t += curve.time_s[i] / static_cast<double>(n);
    mean_ln += std::log(curve.value[i]) / static_cast<double>(n);
  }
  double tt = 0, ty = 0;
  for (std::size_t i = curve.time_s.size() - n; i < curve.time_s.size(); ++i) {
    tt += (curve.time_s[i] - mean_t) * (curve.time_s[i] - mean_t);
    ty += (curve.time_s[i] - mean_t) * (std::log(curve.value[i]) - mean_ln);
  }
  const double slope = std::min(0.0, ty / tt), last = curve.time_s.back();
  const double value = curve.value.back();
  // knots so close that the exponential falls by 5 % at most between them: 0.03 % from the line
  constexpr double kFall = 0.05;
  const int parts = 1 + static_cast<int>(std::ceil(-slope * (until_s - last) / kFall));
  for (int p = 1; p <= parts; ++p) {
    const double t = last + (until_s - last) * p / parts;
    curve.time_s.push_back(t);
    curve.value.push_back(value * std::exp(slope * (t - last)));
  }
  curve.time_s.back() = until_s;
  return curve;
}

Curve curve_of_means(const std::vector<FrameTime>& frames, std::span<const double> mean) {
  check(frames);
  if (mean.size() != frames.size())
    refuse("{} values for {} frames (one each is needed)", mean.size(), frames.size());
  constexpr double kLatest_s = 60;
  const auto& first = frames.front();
  if (first.start_s > std::max(kLatest_s, first.duration_s))
    refuse(
        "the first frame starts {:.6g} s after the injection (what came before is not known): "
        "scan from the injection",
        first.start_s);
  const std::size_t n = frames.size();
  // on the line through the mid-times of two frames
  const auto between = [&](std::size_t f, double t) {
    const double share = (t - frames[f].mid_s()) / (frames[f + 1].mid_s() - frames[f].mid_s());
    return mean[f] + share * (mean[f + 1] - mean[f]);
  };
  Curve curve;
  for (std::size_t f = 0; f < n; ++f) {
    double at_start = 0, at_end = mean[f];
    if (f > 0) at_start = between(f - 1, frames[f].start_s);
    if (f + 1 < n) at_end = between(f, frames[f].end_s());
    if (f + 1 == n && n > 1) {
      const double last = between(f - 1, frames[f].end_s());
      at_end = mean[f] > 0 ? std::max(0.0, last) : last;
    }
    // where frames meet there is one knot
    if (curve.time_s.empty() || frames[f].start_s > curve.time_s.back() + 1e-3) {
      curve.time_s.push_back(frames[f].start_s);
      curve.value.push_back(at_start);
    }
    curve.time_s.push_back(frames[f].mid_s());
    curve.value.push_back(2 * mean[f] - (curve.value.back() + at_end) / 2);
    curve.time_s.push_back(frames[f].end_s());
    curve.value.push_back(at_end);
  }
  return curve;
}

}  // namespace sojourn::fate::kinetics
