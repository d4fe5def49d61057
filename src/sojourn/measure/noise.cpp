#include "sojourn/measure/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace sojourn::measure {
namespace {

constexpr double kMedianChiSquare = 0.4549364;  // of one degree of freedom
constexpr std::size_t kLeastPairs = 30;
constexpr double kBlockFwhm = 1.5;  // width of a block
constexpr double kAlpha = 0.05;
constexpr std::size_t kStudentBelow = 30;

/// Integral over x of (blurred box a)(blurred box b), for boxes of width w that lie d apart,
/// blurred by sigma: the second difference of the twice integrated Gaussian of variance 2 sigma^2.
double shared(double d, double w, double sigma) {
  const double s = std::sqrt(2.0) * sigma;
  if (s < 1e-6 * w) return std::max(0.0, w - std::abs(d));
  const auto twice = [s](double x) {
    constexpr double kRootTwoPi = 2.5066282746310002;
    return 0.5 * x * std::erf(x / (s * std::sqrt(2.0))) +
           s / kRootTwoPi * std::exp(-0.5 * x * x / (s * s));
  };
  return twice(d + w) - 2 * twice(d) + twice(d - w);
}

struct Blocks {
  image::Index3 width{}, margin{}, count{};
  std::vector<double> activity_bq;   // by block
  std::vector<std::uint16_t> owner;  // 0 where it is not well inside one region
};

/// The region that the block and a margin around it lie in: asked at 27 places.
std::uint16_t owner_of(const image::Geometry& grid, const std::vector<std::uint16_t>& owner,
                       const Blocks& blocks, const image::Index3& first) {
  std::uint16_t found = 0;
  for (int p = 0; p < 27; ++p) {
    const std::array<int, 3> third = {p % 3, p / 3 % 3, p / 9};
    image::Index3 at{};
    for (std::size_t a = 0; a < 3; ++a) {
      const std::array<int, 3> places = {first[a] - blocks.margin[a],
                                         first[a] + blocks.width[a] / 2,
                                         first[a] + blocks.width[a] - 1 + blocks.margin[a]};
      at[a] = places[static_cast<std::size_t>(third[a])];
    }
    if (!grid.contains(at[0], at[1], at[2])) return 0;
    const std::uint16_t here = owner[grid.offset(at[0], at[1], at[2])];
    if (here == 0 || (p > 0 && here != found)) return 0;
    found = here;
  }
  return found;
}

Blocks cut_blocks(const image::Volume<float>& image, const std::vector<std::uint16_t>& owner,
                  const image::Vec3& fwhm_mm, double margin_fwhm) {
  const auto& grid = image.geometry();
  Blocks blocks;
  std::size_t n = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    blocks.width[a] =
        std::max(2, static_cast<int>(std::lround(kBlockFwhm * fwhm_mm[a] / grid.spacing_mm[a])));
    blocks.margin[a] = static_cast<int>(std::lround(margin_fwhm * fwhm_mm[a] / grid.spacing_mm[a]));
    blocks.count[a] = grid.size[a] / blocks.width[a];
    n *= static_cast<std::size_t>(blocks.count[a]);
  }
  blocks.activity_bq.assign(n, 0.0);
  blocks.owner.assign(n, 0);
  std::size_t b = 0;
  for (int z = 0; z < blocks.count[2]; ++z) {
    for (int y = 0; y < blocks.count[1]; ++y) {
      for (int x = 0; x < blocks.count[0]; ++x, ++b) {
        const image::Index3 first = {x * blocks.width[0], y * blocks.width[1], z * blocks.width[2]};
        blocks.owner[b] = owner_of(grid, owner, blocks, first);
        if (blocks.owner[b] == 0) continue;
        for (int k = 0; k < blocks.width[2]; ++k) {
          for (int j = 0; j < blocks.width[1]; ++j) {
            const float* row = &image.at(first[0], first[1] + j, first[2] + k);
            for (int i = 0; i < blocks.width[0]; ++i)
              blocks.activity_bq[b] += static_cast<double>(row[i]);
          }
        }
        blocks.activity_bq[b] *= grid.voxel_ml();
      }
    }
  }
  return blocks;
}

struct Pair {
  double sum_bq, variance_per_bq;
};

/// Neighbours along one axis: squared difference over sum, brought to the variance of a large
/// region.
void add_pairs(const Blocks& blocks, std::size_t axis, const image::Geometry& grid,
               const image::Vec3& fwhm_mm, std::vector<Pair>& pairs) {
  const std::array<std::size_t, 3> stride = {
      1, static_cast<std::size_t>(blocks.count[0]),
      static_cast<std::size_t>(blocks.count[0]) * static_cast<std::size_t>(blocks.count[1])};
  double share = 1;  // variance of the difference over that of the events in both blocks
  for (std::size_t a = 0; a < 3; ++a) {
    const double width = blocks.width[a] * grid.spacing_mm[a],
                 sigma = fwhm_mm[a] / units::kFwhmPerSigma;
    double kept = shared(0, width, sigma);
    if (a == axis) kept -= shared(width, width, sigma);
    share *= kept / width;
  }
  for (int z = 0; z < blocks.count[2]; ++z) {
    for (int y = 0; y < blocks.count[1]; ++y) {
      for (int x = 0; x < blocks.count[0]; ++x) {
        const image::Index3 at = {x, y, z};
        if (at[axis] + 1 >= blocks.count[axis]) continue;
        const std::size_t b = static_cast<std::size_t>(x) +
                              static_cast<std::size_t>(y) * stride[1] +
                              static_cast<std::size_t>(z) * stride[2];
        const std::size_t next = b + stride[axis];
        const double sum = blocks.activity_bq[b] + blocks.activity_bq[next];
        if (blocks.owner[b] == 0 || blocks.owner[b] != blocks.owner[next] || sum <= 0) continue;
        const double d = blocks.activity_bq[b] - blocks.activity_bq[next];
        pairs.push_back({sum, d * d / sum / share});
      }
    }
  }
}

}  // namespace

double blurred_noise_share(double volume_ml, const image::Vec3& blur_fwhm_mm) {
  const double width = std::cbrt(volume_ml * units::kMm3PerMl);
  if (!(width > 0)) return 0;
  double share = 1;
  for (const double fwhm : blur_fwhm_mm)
    share *= shared(0, width, fwhm / units::kFwhmPerSigma) / width;
  return share;
}

double hot_noise_share(double volume_ml, const image::Vec3& blur_fwhm_mm) {
  const double narrower = 1 / std::sqrt(2.0);
  return blurred_noise_share(volume_ml, image::operator*(narrower, blur_fwhm_mm));
}

std::optional<double> variance_per_activity_bq(const image::Volume<float>& concentration_bq_per_ml,
                                               const std::vector<std::uint16_t>& owner,
                                               const image::Vec3& blur_fwhm_mm) {
  for (const double margin_fwhm : {1.0, 0.5, 0.0}) {
    const auto blocks = cut_blocks(concentration_bq_per_ml, owner, blur_fwhm_mm, margin_fwhm);
    std::vector<Pair> pairs;
    for (std::size_t a = 0; a < 3; ++a) {
      add_pairs(blocks, a, concentration_bq_per_ml.geometry(), blur_fwhm_mm, pairs);
    }
    if (pairs.size() < kLeastPairs) continue;
    const auto half = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
    std::nth_element(pairs.begin(), half, pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.sum_bq > b.sum_bq; });
    std::vector<double> ratios;
    for (auto p = pairs.begin(); p != half; ++p) ratios.push_back(p->variance_per_bq);
    return numerics::quantile(std::move(ratios), 0.5) / kMedianChiSquare;
  }
  return std::nullopt;
}

double counting_noise(double activity_bq, double per_bq) {
  return std::sqrt(per_bq * (std::max(0.0, activity_bq) + per_bq));
}

Limits detection_limits(double spread, std::size_t places, double per_bq) {
  const double m = static_cast<double>(places);
  const double k = places >= 2 && places < kStudentBelow
                       ? numerics::student_t_quantile(1 - kAlpha, m - 1)
                       : numerics::normal_quantile(1 - kAlpha);
  const double sigma0 = places >= 2 ? spread * std::sqrt(1 + 1 / m) : spread;
  return {k * sigma0, 2 * k * sigma0 + k * k * per_bq};
}

}  // namespace sojourn::measure
