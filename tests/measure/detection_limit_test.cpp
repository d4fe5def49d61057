#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/random.h"
#include "sojourn/image/shapes.h"
#include "sojourn/measure/measure.h"
#include "sojourn/measure/noise.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace {

using namespace sojourn;
using image::Volume;

/// Simple blur of a whole cube, independent of the product's: 1-D kernels of sampled Gaussians.
void blur(Volume<float>& image, double sigma_voxels) {
  const int reach = static_cast<int>(std::ceil(4 * sigma_voxels));
  std::vector<double> kernel;
  double sum = 0;
  for (int n = -reach; n <= reach; ++n) {
    kernel.push_back(std::exp(-0.5 * n * n / (sigma_voxels * sigma_voxels)));
    sum += kernel.back();
  }
  const auto& size = image.geometry().size;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto copy = image;
    for (std::size_t v = 0; v < image.values().size(); ++v) {
      auto at = image.geometry().index_of(v);
      const int middle = at[axis];
      double total = 0;
      for (int n = -reach; n <= reach; ++n) {
        at[axis] = middle + n;
        if (at[axis] < 0 || at[axis] >= size[axis]) continue;
        total += kernel[static_cast<std::size_t>(n + reach)] / sum *
                 static_cast<double>(copy.at(at[0], at[1], at[2]));
      }
      image.values()[v] = static_cast<float>(total);
    }
  }
}

constexpr double kSpacing = 1.0, kFwhm = 2.5, kSigma = kFwhm / units::kFwhmPerSigma / kSpacing;

image::Geometry grid() {
  image::Geometry g;
  g.size = {56, 56, 56};
  g.spacing_mm = {kSpacing, kSpacing, kSpacing};
  g.origin_mm = {-27.5, -27.5, -27.5};
  return g;
}

struct Organ {
  const char* name;
  image::Vec3 center;
  double radius, concentration;
};

/// A body with organs; counts are Poisson before the blur (events misplaced by the scanner's
/// resolution).
struct Phantom {
  Phantom() : truth(grid()) {
    const image::Geometry g = grid();
    body = image::sphere_region("body", {0, 0, 0}, 25, g);
    truth = image::fraction_on(body, g);
    for (float& v : truth.values()) v *= 400;
    for (const Organ& o :
         {Organ{"liver", {-9, 0, 0}, 9, 20000}, Organ{"spleen", {11, 3, 0}, 5, 30000},
          Organ{"node", {0, 14, 8}, 2, 15000}, Organ{"muscle", {5, -12, -8}, 4, 400},
          Organ{"kidney", {10, -10, 8}, 4, 5000}}) {
      regions.push_back(image::sphere_region(o.name, o.center, o.radius, g));
      const auto part = image::fraction_on(regions.back(), g);
      for (std::size_t n = 0; n < part.values().size(); ++n) {
        truth.values()[n] +=
            part.values()[n] * (static_cast<float>(o.concentration) - truth.values()[n]);
      }
    }
  }
  [[nodiscard]] records::Scan scan(std::uint64_t seed, double counts_per_bq) const {
    Volume<float> image(grid());
    const double per_value = counts_per_bq * grid().voxel_ml();
    for (std::size_t n = 0; n < image.values().size(); ++n) {
      core::Random random(seed, n);
      image.values()[n] = static_cast<float>(
          static_cast<double>(random.poisson(static_cast<double>(truth.values()[n]) * per_value)) /
          per_value);
    }
    blur(image, kSigma);
    records::Scan scan;
    scan.psf_fwhm_mm = image::Vec3{kFwhm, kFwhm, kFwhm};
    records::ScanFrame frame;
    frame.concentration_bq_per_ml = std::move(image);
    scan.frames.push_back(std::move(frame));
    return scan;
  }
  Volume<float> truth;
  image::RegionMask body;
  std::vector<image::RegionMask> regions;
};

TEST(Noise, IntervalsHoldTheNoiseFreeActivityAndAreNotWasteful) {
  const Phantom phantom;
  auto clean = phantom.scan(1, 1e7);  // as good as no noise
  const auto truth = measure::measure_regions(clean, phantom.regions, {{}, &phantom.body});
  constexpr int kSeeds = 20;
  int held = 0;
  std::vector<double> sum(5, 0), squares(5, 0), noise(5, 0);
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto rows = measure::measure_regions(phantom.scan(static_cast<std::uint64_t>(seed), 2),
                                               phantom.regions, {{}, &phantom.body});
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double off = rows[r].activity_bq - truth[r].activity_bq;
      held += std::abs(off) <= 1.96 * rows[r].noise_bq ? 1 : 0;
      sum[r] += off;
      squares[r] += off * off;
      noise[r] += rows[r].noise_bq / kSeeds;
    }
  }
  EXPECT_GE(held, 90);  // of 100; 95 expected
  for (std::size_t r = 0; r < 5; ++r) {
    const double sd = std::sqrt(squares[r] / kSeeds);
    EXPECT_GT(noise[r], 0.7 * sd) << truth[r].region;
    // 20 seeds give sd to 16 %; g is good to a factor of 1.8, noise to its root
    EXPECT_LT(noise[r], 1.6 * sd) << truth[r].region;
  }
}

TEST(Noise, VariancePerActivityIsThatOfTheCounts) {
  const Phantom phantom;
  Volume<float> owner_image(grid());
  std::vector<std::uint16_t> owner(grid().voxels(), 0);
  for (const auto& o : image::overlap(phantom.body, grid())) owner[o.offset] = 1;
  for (std::size_t r = 0; r < phantom.regions.size(); ++r) {
    for (const auto& o : image::overlap(phantom.regions[r], grid()))
      owner[o.offset] = static_cast<std::uint16_t>(r + 2);
  }
  for (const double counts_per_bq : {0.5, 5.0}) {
    const auto scan = phantom.scan(9, counts_per_bq);
    const auto g = measure::variance_per_activity_bq(scan.frames[0].concentration_bq_per_ml, owner,
                                                     {kFwhm, kFwhm, kFwhm});
    ASSERT_TRUE(g);
    // One event is 1 / counts_per_bq Bq. The median of a few hundred squares is good to 15 %; blur
    // at edges adds.
    EXPECT_GT(*g * counts_per_bq, 0.6);
    EXPECT_LT(*g * counts_per_bq, 1.8);
  }
}

TEST(Noise, BlurTakesNoiseOutOfSmallRegionsOnly) {
  EXPECT_NEAR(measure::blurred_noise_share(1000, {1, 1, 1}), 1, 0.02);
  EXPECT_NEAR(measure::blurred_noise_share(1, {0, 0, 0}), 1, 1e-9);
  // Far smaller than the blur: volume over the blur's own (4 pi sigma^2)^(3/2).
  const double sigma = 10 / units::kFwhmPerSigma;
  EXPECT_NEAR(
      measure::blurred_noise_share(0.001, {10, 10, 10}) / std::pow(4 * M_PI * sigma * sigma, -1.5),
      1, 0.02);
  EXPECT_GT(measure::hot_noise_share(0.1, {5, 5, 5}), measure::blurred_noise_share(0.1, {5, 5, 5}));
  double last = 0;
  for (const double ml : {0.01, 0.1, 1.0, 10.0}) {
    const double share = measure::blurred_noise_share(ml, {5, 5, 5});
    EXPECT_GT(share, last);
    last = share;
  }
}

TEST(DetectionLimits, CurrieForZeroBackground) {
  const auto limits = measure::detection_limits(0, 0, 1);
  EXPECT_EQ(limits.decision, 0);
  EXPECT_NEAR(limits.detection, 1.6449 * 1.6449, 1e-3);  // k^2
}

/// Draws m background totals and one region, many times.
double share_above(bool with_signal, std::size_t m, double g) {
  constexpr double kBackground = 500, kSpread = 20;
  constexpr int kDraws = 40000;
  int above = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    core::Random random(77, static_cast<std::uint64_t>(draw));
    std::vector<double> totals;
    for (std::size_t n = 0; n < m; ++n) totals.push_back(kBackground + kSpread * random.normal());
    const auto limits = measure::detection_limits(numerics::standard_deviation(totals), m, g);
    const auto known = measure::detection_limits(kSpread, m, g);
    const double signal = with_signal ? known.detection : 0;
    const double region =
        kBackground + signal + std::sqrt(kSpread * kSpread + g * signal) * random.normal();
    above += region - numerics::mean(totals) > limits.decision ? 1 : 0;
  }
  return static_cast<double>(above) / kDraws;
}

TEST(DetectionLimits, FalseAlarmsAreFivePercentAndMissesAtMostFive) {
  for (const std::size_t m : {std::size_t{8}, std::size_t{20}, std::size_t{100}}) {
    // 40000 draws: standard error 0.0011; the normal quantile from m = 30 on adds 0.001.
    EXPECT_NEAR(share_above(false, m, 3), 0.05, 0.0055) << m;
    // The decision limit itself scatters with few places, which costs a per cent or two of the 95.
    EXPECT_NEAR(share_above(true, m, 3), 0.95, m < 10 ? 0.03 : 0.015) << m;
  }
}

}  // namespace
