#include "sojourn/recon/corrections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/image/filter.h"

namespace sojourn::recon {
namespace {

constexpr std::size_t kBlock = 65536;
constexpr float kMostPerMm = 1;  // lead at 511 keV: 0.18 /mm

/// Cell of a line by distance from the axis, slope and place along it.
class Cells {
 public:
  static constexpr std::size_t kAway = 24, kSlope = 8, kPlace = 8;

  explicit Cells(std::span<const projector::Lor> lines) {
    for (const auto& lor : lines) {
      const auto c = coordinates(lor);
      for (std::size_t a = 0; a < 3; ++a) most_[a] = std::max(most_[a], std::abs(c[a]) * 1.0001);
    }
  }
  static constexpr std::size_t count() { return kAway * kSlope * kPlace; }
  [[nodiscard]] std::size_t of(const projector::Lor& lor) const {
    const auto c = coordinates(lor);
    const auto cell = [&](std::size_t a, double part, std::size_t n) {
      const double at = most_[a] > 0 ? part / most_[a] : 0;
      return std::min(n - 1, static_cast<std::size_t>(std::max(0.0, at) * static_cast<double>(n)));
    };
    return (cell(0, std::abs(c[0]), kAway) * kSlope + cell(1, std::abs(c[1]), kSlope)) * kPlace +
           cell(2, (c[2] + most_[2]) / 2, kPlace);
  }

 private:
  static std::array<double, 3> coordinates(const projector::Lor& lor) {
    const auto a = [&](std::size_t i) { return static_cast<double>(lor.from_mm[i]); };
    const auto d = [&](std::size_t i) {
      return static_cast<double>(lor.to_mm[i]) - static_cast<double>(lor.from_mm[i]);
    };
    const double across = std::hypot(d(0), d(1));
    const double away = across > 0 ? (a(0) * d(1) - a(1) * d(0)) / across : 0;
    return {away, d(2), a(2) + d(2) / 2};
  }
  std::array<double, 3> most_{};
};

/// Smooths the noise of a sample of lines: a sensitivity changes little over two voxels.
void even_out(image::Volume<float>& x) {
  constexpr double kVoxels = 2;  // FWHM
  const auto& g = x.geometry();
  const image::Vec3 fwhm{kVoxels * g.spacing_mm[0], kVoxels * g.spacing_mm[1],
                         kVoxels * g.spacing_mm[2]};
  image::Volume<float> inside(g, 1.0F);
  image::gaussian_blur(x, fwhm);
  image::gaussian_blur(inside, fwhm);  // what the edges of the image take away
  for (std::size_t i = 0; i < g.voxels(); ++i) x.values()[i] /= inside.values()[i];
}

}  // namespace

std::vector<float> attenuation_factors(const image::Volume<float>& mu,
                                       std::span<const projector::Lor> lines) {
  for (const float v : mu.values())
    if (!(v >= 0 && v <= kMostPerMm))
      refuse(
          "the attenuation map holds {} where 1/mm at 511 keV is wanted (water 0.0096): check its "
          "unit; a CT goes in as \"ct\"",
          v);
  std::vector<float> factors(lines.size());
  projector::Joseph(mu.geometry()).forward_line(mu, lines, factors);
  core::parallel_blocks(factors.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) factors[i] = std::exp(-factors[i]);
  });
  return factors;
}

std::vector<float> randoms_from_delayed(const Acquisition& a, double tof_range_mm) {
  if (a.lines.empty())
    refuse(
        "randoms from delayed events need the lines of the scanner, which this format does not "
        "tell");
  const Cells cells(a.lines);
  std::vector<double> delayed(Cells::count()), possible(Cells::count());
  for (const auto& lor : a.delayed) delayed[cells.of(lor)] += 1;
  for (const auto& lor : a.lines) possible[cells.of(lor)] += a.weight;
  double part = 1;
  if (a.tof && !a.measured.lines.tof_mm.empty())
    part = (a.tof->bin_mm > 0 ? a.tof->bin_mm : 1) / tof_range_mm;
  std::vector<float> randoms(a.measured.size());
  core::parallel_blocks(randoms.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t e = begin; e < end; ++e) {
      const std::size_t c = cells.of(a.measured.lines.lors[e]);
      // a cell that the sample of lines missed: as if it held one
      randoms[e] = static_cast<float>(part * delayed[c] / std::max(possible[c], a.weight));
    }
  });
  return randoms;
}

void set_background(Acquisition& a) {
  if (a.randoms.empty() && a.scatter.empty()) return;
  const auto of = [](const std::vector<float>& v, std::size_t e, float otherwise) {
    return v.empty() ? otherwise : v[e];
  };
  a.measured.background.resize(a.measured.size());
  for (std::size_t e = 0; e < a.measured.size(); ++e) {
    const float n = of(a.normalisation, e, 1), part = of(a.attenuation, e, 1);
    if (!(n > 0) || !std::isfinite(n))
      refuse("the normalisation of event {} is {}: it must be over 0 where something was counted",
             e, n);
    if (!(part > 0 && part <= 1))
      refuse("the attenuation factor of event {} is {}: it must be over 0 and at most 1", e, part);
    a.measured.background[e] = (of(a.randoms, e, 0) + of(a.scatter, e, 0)) / (n * part);
  }
}

Sensitivity sensitivity_of(const projector::Joseph& projector, const Acquisition& a,
                           const image::Volume<float>* mu, int subsets) {
  if (a.lines.empty())
    refuse("{} does not tell which lines could have counted: give a sensitivity image", a.format);
  std::vector<float> factor(a.lines.size(), static_cast<float>(a.weight));
  for (std::size_t i = 0; i < a.line_normalisation.size(); ++i) {
    const float n = a.line_normalisation[i];
    if (!(n >= 0) || !std::isfinite(n))
      refuse("a normalisation of {}: it must be finite and not negative", n);
    factor[i] *= n;
  }
  if (mu != nullptr) {
    const auto part = attenuation_factors(*mu, a.lines);
    for (std::size_t i = 0; i < factor.size(); ++i) factor[i] *= part[i];
  }
  Sensitivity all;
  const bool tied = !a.line_subset.empty() && subsets > 1;
  for (int s = 0; s < (tied ? subsets : 1); ++s) {
    std::vector<float> mine = factor;
    if (tied)
      for (std::size_t i = 0; i < mine.size(); ++i)
        if (a.line_subset[i] != s) mine[i] = 0;
    all.emplace_back(projector.grid());
    projector.back_line(mine, a.lines, all.back());
    if (a.weight > 1) even_out(all.back());
  }
  return all;
}

double activity_factor(const CalibrationFacts& f) {
  if (!(f.duration_s > 0))
    refuse("the duration of the frame is {} s: it must be over 0", f.duration_s);
  if (!(f.positron_fraction > 0 && f.positron_fraction <= 1))
    refuse("a positron fraction of {}: it must be over 0 and at most 1", f.positron_fraction);
  if (!(f.live_fraction > 0 && f.live_fraction <= 1))
    refuse("a live fraction of {}: it must be over 0 and at most 1", f.live_fraction);
  if (!(f.bq_per_ml_per_unit > 0))
    refuse("a calibration of {}: it must be over 0", f.bq_per_ml_per_unit);
  double seconds = f.duration_s;
  if (f.half_life_s > 0) {
    const double lambda = std::numbers::ln2 / f.half_life_s;
    seconds = -std::expm1(-lambda * f.duration_s) / lambda;
  }
  return f.bq_per_ml_per_unit / (seconds * f.live_fraction * f.positron_fraction);
}

double live_fraction(double recorded_per_s, double dead_time_s) {
  if (!(dead_time_s >= 0) || !(recorded_per_s >= 0))
    refuse("a dead time of {} s and a rate of {} /s: neither may be negative", dead_time_s,
           recorded_per_s);
  const double m = recorded_per_s * dead_time_s;
  if (m > std::exp(-1.0))
    refuse("{} events/s are more than a scanner with a dead time of {} s can record ({:.3g} /s)",
           recorded_per_s, dead_time_s, std::exp(-1.0) / dead_time_s);
  double y = m;  // true rate * dead time: y = m exp(y)
  for (int i = 0; i < 200; ++i) y = m * std::exp(y);
  if (m > 0.3)  // near the turning point the iteration above is slow: Newton on y exp(-y) = m
    for (int i = 0; i < 50 && y < 1; ++i) {
      const double slope = (1 - y) * std::exp(-y);
      if (slope < 1e-9) break;
      y = std::min(1.0, y + (m - y * std::exp(-y)) / slope);
    }
  return std::exp(-y);
}

}  // namespace sojourn::recon
