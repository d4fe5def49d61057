#include "sojourn/recon/scatter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/projector/joseph.h"
#include "sojourn/recon/corrections.h"
#include "sojourn/units/units.h"

namespace sojourn::recon {
namespace {

using image::Vec3;
using image::Volume;
using image::operator-;

constexpr double kElectron_kev = 510.99895;  // CODATA 2018
constexpr double kPi = std::numbers::pi;
constexpr double kMatter_per_mm = 0.002;  // a fifth of water at 511 keV: scatter points lie above
constexpr float kTailLeast = 0.98F;  // part of pairs that leave on a line that hardly meets matter
constexpr double kTailCounts = 100;

/// Unnormalised Klein-Nishina: P^2 (P + 1 / P - sin^2).
double shape(double cosine, double energy) {
  const double p = 1 / (1 + energy * (1 - cosine));
  return p * p * (p + 1 / p - 1 + cosine * cosine);
}

/// Integral over all directions, energy in electron masses.
double all_directions(double energy) {
  constexpr int kSteps = 200;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) sum += shape(-1 + 2 * (i + 0.5) / kSteps, energy);
  return 2 * kPi * sum * 2 / kSteps;
}

struct Point {
  Vec3 mm;
  double mu = 0, volume_mm3 = 0;
};

/// Means of blocks of the map that hold matter.
std::vector<Point> scatter_points(const Volume<float>& mu, std::size_t wanted) {
  const auto& g = mu.geometry();
  const auto matter =
      static_cast<double>(std::count_if(mu.values().begin(), mu.values().end(), [](float v) {
        return static_cast<double>(v) > kMatter_per_mm;
      }));
  const double voxel = g.voxel_ml() * units::kMm3PerMl;
  const double edge = std::cbrt(std::max(matter, 1.0) * voxel / static_cast<double>(wanted));
  image::Index3 step{};
  for (std::size_t a = 0; a < 3; ++a)
    step[a] = std::max(1, static_cast<int>(std::lround(edge / g.spacing_mm[a])));
  std::vector<Point> points;
  for (int k = 0; k < g.size[2]; k += step[2])
    for (int j = 0; j < g.size[1]; j += step[1])
      for (int i = 0; i < g.size[0]; i += step[0]) {
        double sum = 0;
        Vec3 place{};
        for (int c = k; c < std::min(k + step[2], g.size[2]); ++c)
          for (int b = j; b < std::min(j + step[1], g.size[1]); ++b)
            for (int a = i; a < std::min(i + step[0], g.size[0]); ++a) {
              const auto v = static_cast<double>(mu.at(a, b, c));
              if (v <= kMatter_per_mm) continue;
              sum += v;
              place[0] += v * a;
              place[1] += v * b;
              place[2] += v * c;
            }
        // the block's sum of mu stands for a point of one voxel
        if (sum > 0)
          points.push_back({g.to_mm({place[0] / sum, place[1] / sum, place[2] / sum}), sum, voxel});
      }
  return points;
}

Vec3 detector_mm(const ScatterModel& m, std::size_t index) {
  const auto ring = static_cast<int>(index) / m.angles, turn = static_cast<int>(index) % m.angles;
  const double angle = 2 * kPi * turn / m.angles;
  const double z = m.rings > 1 ? m.half_length_mm * (2.0 * ring / (m.rings - 1) - 1) : 0;
  return {m.radius_mm * std::cos(angle), m.radius_mm * std::sin(angle), z};
}

/// Cosine at which a ray of direction d (any length) meets the wall at detector p.
double on_wall(const Vec3& p, const Vec3& d) {
  return std::abs(p[0] * d[0] + p[1] * d[1]) / (std::hypot(p[0], p[1]) * image::norm(d));
}

std::array<float, 3> floats(const Vec3& v) {
  return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

}  // namespace

double scattered_kev(double cosine) { return kElectron_kev / (2 - cosine); }

double klein_nishina_per_sr(double cosine) {
  static const double all = all_directions(1);
  return shape(cosine, 1) / all;
}

SingleScatter::SingleScatter(const Volume<float>& activity, const Volume<float>& mu,
                             const ScatterModel& model)
    : model_(model), n_(static_cast<std::size_t>(model.angles * model.rings)), q_(n_ * n_) {
  SOJOURN_EXPECT(model.radius_mm > 0 && model.angles > 2 && model.rings > 0);
  const auto points = scatter_points(mu, model.points);
  std::vector<Vec3> detector;
  for (std::size_t d = 0; d < n_; ++d) detector.push_back(detector_mm(model, d));
  std::vector<projector::Lor> rays;
  for (const auto& p : points)
    for (const auto& d : detector) rays.push_back({floats(p.mm), floats(d)});
  std::vector<float> emitted(rays.size()), matter(rays.size());
  projector::Joseph(activity.geometry()).forward_line(activity, rays, emitted);
  projector::Joseph(mu.geometry()).forward_line(mu, rays, matter);
  const double at_511 = all_directions(1);
  const auto counted = [&](double kev) {
    const double sigma =
        model.energy_resolution_511 * std::sqrt(kElectron_kev * kev) / units::kFwhmPerSigma;
    return 0.5 * std::erfc((model.energy_low_kev - kev) / (std::numbers::sqrt2 * sigma));
  };
  // what depends on the angle alone, in a table over its cosine
  constexpr std::size_t kCosines = 2000;
  std::vector<double> density(kCosines + 1), harder(kCosines + 1);
  for (std::size_t i = 0; i <= kCosines; ++i) {
    const double cosine = -1 + 2.0 * static_cast<double>(i) / kCosines, kev = scattered_kev(cosine);
    density[i] = klein_nishina_per_sr(cosine) * counted(kev) / counted(kElectron_kev);
    harder[i] = all_directions(kev / kElectron_kev) / at_511;
  }
  core::parallel_for(n_, [&](std::size_t a) {
    for (std::size_t b = 0; b < n_; ++b) {
      const Vec3 across = detector[b] - detector[a];
      const double length = image::norm(across);
      const double walls = on_wall(detector[a], across) * on_wall(detector[b], across);
      if (!(length > 0) || walls < 1e-3) continue;
      double sum = 0;
      for (std::size_t s = 0; s < points.size(); ++s) {
        const Vec3 to_a = detector[a] - points[s].mm, to_b = detector[b] - points[s].mm;
        const double far_a = image::norm(to_a), far_b = image::norm(to_b);
        // a pair flies apart: the photon towards B came from the side of A
        const double cosine = std::clamp(-image::dot(to_a, to_b) / (far_a * far_b), -1.0, 1.0);
        const auto i = static_cast<std::size_t>(std::lround((cosine + 1) / 2 * kCosines));
        const auto lost_a = static_cast<double>(matter[s * n_ + a]),
                   lost_b = static_cast<double>(matter[s * n_ + b]);
        const double pairs =
            static_cast<double>(emitted[s * n_ + a]) * std::exp(-lost_a - harder[i] * lost_b) +
            static_cast<double>(emitted[s * n_ + b]) * std::exp(-lost_b - harder[i] * lost_a);
        sum += points[s].volume_mm3 * points[s].mu * density[i] * pairs *
               on_wall(detector[a], to_a) * on_wall(detector[b], to_b) /
               (far_a * far_a * far_b * far_b);
      }
      // per unit area of both: two photons per decay, either way round: 1 / (2 pi) to A
      q_[a * n_ + b] = sum / (2 * kPi) * (2 * kPi * length * length / walls);
    }
  });
}

double SingleScatter::of(const projector::Lor& line) const {
  std::size_t index[2][4];
  double weight[2][4];
  for (int end = 0; end < 2; ++end) {
    const auto& p = end == 0 ? line.from_mm : line.to_mm;
    double turn = std::atan2(static_cast<double>(p[1]), static_cast<double>(p[0])) / (2 * kPi) *
                  model_.angles;
    if (turn < 0) turn += model_.angles;
    double ring = model_.rings > 1 ? (static_cast<double>(p[2]) / model_.half_length_mm + 1) / 2 *
                                         (model_.rings - 1)
                                   : 0;
    ring = std::clamp(ring, 0.0, static_cast<double>(model_.rings - 1));
    const int t = std::min(static_cast<int>(turn), model_.angles - 1),
              r = std::min(static_cast<int>(ring), std::max(model_.rings - 2, 0));
    const double part_t = turn - t, part_r = ring - r;
    for (int c = 0; c < 4; ++c) {
      const int tt = (t + (c & 1)) % model_.angles, rr = std::min(r + (c >> 1), model_.rings - 1);
      index[end][c] = static_cast<std::size_t>(rr * model_.angles + tt);
      weight[end][c] = ((c & 1) ? part_t : 1 - part_t) * ((c >> 1) ? part_r : 1 - part_r);
    }
  }
  double sum = 0;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b)
      sum += weight[0][a] * weight[1][b] * q_[index[0][a] * n_ + index[1][b]];
  return sum;
}

double set_scatter(Acquisition& a, const SingleScatter& scatter, const Volume<float>& mu) {
  if (a.tof)
    refuse("scatter of data with time of flight is not simulated; give it with the events");
  if (a.lines.empty())
    refuse("scatter needs the lines of the scanner, which this format does not tell");
  const auto n_of = [](const std::vector<float>& n, std::size_t i) {
    return n.empty() ? 1.0 : static_cast<double>(n[i]);
  };
  const auto leaves = attenuation_factors(mu, a.lines);
  double expected = 0;
  for (std::size_t i = 0; i < a.lines.size(); ++i)
    if (leaves[i] > kTailLeast)
      expected += a.weight * n_of(a.line_normalisation, i) * scatter.of(a.lines[i]);
  const auto counted_of = attenuation_factors(mu, a.measured.lines.lors);
  double counted = 0;
  for (std::size_t e = 0; e < a.measured.size(); ++e)
    if (counted_of[e] > kTailLeast)
      counted += a.measured.counts.empty() ? 1 : static_cast<double>(a.measured.counts[e]);
  for (const float part : attenuation_factors(mu, a.delayed))
    if (part > kTailLeast) counted -= 1;
  double scale = 1;
  if (counted >= kTailCounts && expected > 0)
    scale = counted / expected;
  else
    a.warnings.push_back(
        fmt::format("{:.0f} counts on lines beside the subject are too few to scale the scatter; "
                    "it stands as calculated",
                    counted));
  a.scatter.resize(a.measured.size());
  core::parallel_blocks(a.measured.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t e = begin; e < end; ++e)
      a.scatter[e] = static_cast<float>(scale * n_of(a.normalisation, e) *
                                        scatter.of(a.measured.lines.lors[e]));
  });
  return scale;
}

}  // namespace sojourn::recon
