#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sojourn/fate/kinetics_compartments.h"

/// Curves with known truth, by other means than the code under test.
namespace sojourn::test {

namespace kin = sojourn::fate::kinetics;

/// Plasma of [18F]FDG, kBq/mL up to a factor, at minutes after the injection: Feng et al., Int J
/// Biomed Comput 32 (1993) 95, model 2.
inline double feng_plasma(double minutes) {
  if (minutes <= 0) return 0;
  return (851.1 * minutes - 21.88 - 20.81) * std::exp(-4.134 * minutes) +
         21.88 * std::exp(-0.1191 * minutes) + 20.81 * std::exp(-0.01043 * minutes);
}

/// Plasma sampled densely while it changes fast, and blood of the same shape with a ratio that
/// moves.
inline kin::Input feng_input(double end_s) {
  kin::Input input;
  for (double t = 0; t < end_s; t += t < 180 ? 1 : 20) {
    input.plasma.time_s.push_back(t);
    input.plasma.value.push_back(feng_plasma(t / 60));
  }
  input.plasma.time_s.push_back(end_s);
  input.plasma.value.push_back(feng_plasma(end_s / 60));
  input.blood = input.plasma;
  for (std::size_t i = 0; i < input.blood.value.size(); ++i)
    input.blood.value[i] *= 0.7 + 0.3 * input.blood.time_s[i] / end_s;
  return input;
}

/// n frames of each length in turn, from the injection on.
inline std::vector<kin::FrameTime> frames_of(const std::vector<std::pair<int, double>>& plan) {
  std::vector<kin::FrameTime> frames;
  double start = 0;
  for (const auto& [n, duration] : plan)
    for (int i = 0; i < n; ++i) {
      frames.push_back({start, duration});
      start += duration;
    }
  return frames;
}

/// 93 minutes as in brain studies.
inline std::vector<kin::FrameTime> brain_frames() {
  return frames_of({{9, 10}, {5, 20}, {4, 30}, {4, 60}, {4, 180}, {12, 360}});
}

/// Frame means of a tissue of one or two compartments by Runge and Kutta's classical method on
/// steps of at most `step_s` that end at every knot and frame: the independent path.
inline std::vector<double> integrated_tissue(const kin::TissueRates& r, const kin::Input& input,
                                             const std::vector<kin::FrameTime>& frames,
                                             double step_s = 0.5) {
  using State = std::array<double, 3>;  // free, bound, integral of what the frame shows
  const auto slope = [&](const State& c, double plasma, double blood) {
    const double seen = (1 - r.blood_fraction) * (c[0] + c[1]) + r.blood_fraction * blood;
    return State{r.k1_per_s * plasma - (r.k2_per_s + r.k3_per_s) * c[0] + r.k4_per_s * c[1],
                 r.k3_per_s * c[0] - r.k4_per_s * c[1], seen};
  };
  const auto plus = [](const State& a, const State& b, double h) {
    return State{a[0] + h * b[0], a[1] + h * b[1], a[2] + h * b[2]};
  };
  std::vector<double> stops = input.plasma.time_s;
  for (const auto& f : frames) stops.insert(stops.end(), {f.start_s, f.end_s()});
  std::sort(stops.begin(), stops.end());
  std::vector<double> begin(frames.size(), 0), end(frames.size(), 0);
  State c{};
  double t = stops.front();
  for (const double stop : stops) {
    const int n = std::max(0, static_cast<int>(std::ceil((stop - t) / step_s)));
    const double h = n > 0 ? (stop - t) / n : 0;
    for (int i = 0; i < n; ++i) {
      const double p0 = kin::value_at(input.plasma, t), b0 = kin::value_at(input.blood, t);
      const double last = input.plasma.time_s.back(), t1 = std::min(t + h, last);
      const double p1 = kin::value_at(input.plasma, t1), b1 = kin::value_at(input.blood, t1);
      const double ph = (p0 + p1) / 2, bh = (b0 + b1) / 2;  // linear between knots
      const auto s1 = slope(c, p0, b0), s2 = slope(plus(c, s1, h / 2), ph, bh);
      const auto s3 = slope(plus(c, s2, h / 2), ph, bh), s4 = slope(plus(c, s3, h), p1, b1);
      for (std::size_t k = 0; k < 3; ++k) c[k] += h / 6 * (s1[k] + 2 * s2[k] + 2 * s3[k] + s4[k]);
      t += h;
    }
    t = stop;
    for (std::size_t f = 0; f < frames.size(); ++f) {
      if (stop == frames[f].start_s) begin[f] = c[2];
      if (stop == frames[f].end_s()) end[f] = c[2];
    }
    if (stop >= input.plasma.time_s.back()) break;
  }
  std::vector<double> means;
  for (std::size_t f = 0; f < frames.size(); ++f)
    means.push_back((end[f] - begin[f]) / frames[f].duration_s);
  return means;
}

}  // namespace sojourn::test
