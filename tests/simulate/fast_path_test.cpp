#include "sojourn/simulate/fast_path.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/units/units.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

constexpr double kPi = std::numbers::pi;

/// A cylinder along z in the middle of the grid.
FastScene cylinder(double radius_mm, double bq_per_ml, double mu_per_mm, double voxel_mm = 3,
                   int planes = 8) {
  image::Geometry grid;
  const int n = static_cast<int>(std::ceil(2.4 * radius_mm / voxel_mm)) | 1;
  grid.size = {n, n, planes};
  grid.spacing_mm = {voxel_mm, voxel_mm, voxel_mm};
  grid.origin_mm = {-(n - 1) * voxel_mm / 2, -(n - 1) * voxel_mm / 2, -(planes - 1) * voxel_mm / 2};
  FastScene scene{image::Volume<float>(grid), image::Volume<float>(grid), 600, {0, 0, 0}};
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const auto i = grid.index_of(v);
    const auto mm = grid.to_mm({double(i[0]), double(i[1]), double(i[2])});
    if (std::hypot(mm[0], mm[1]) > radius_mm) continue;
    scene.activity_bq_per_ml.values()[v] = static_cast<float>(bq_per_ml);
    scene.mu_per_mm.values()[v] = static_cast<float>(mu_per_mm);
  }
  return scene;
}

NuclearModel long_scanner() {
  NuclearModel m;
  m.fwhm_mm = {6, 6, 6};
  m.filter_fwhm_mm = {5, 5, 5};
  m.sensitivity = m.pair_sensitivity = 0.05;
  m.axial_fov_mm = 1e5;  // the same sensitivity all along
  m.transaxial_fov_mm = 400;
  m.ring_diameter_mm = 600;
  return m;
}

double middle(const image::Volume<float>& volume) {
  const auto& size = volume.geometry().size;
  return static_cast<double>(volume.at(size[0] / 2, size[1] / 2, size[2] / 2));
}

/// The ramp filter with the Gaussian roll-off of a final width sigma: integral of
/// |nu| exp(-2 pi^2 sigma^2 nu^2) cos(2 pi nu s).
double ramp(double s, double sigma) {
  const double end = 6 / (2 * kPi * sigma), step = end / 4000;
  double sum = 0;
  for (int i = 0; i < 4000; ++i) {
    const double nu = (i + 0.5) * step;
    sum += nu * std::exp(-2 * kPi * kPi * sigma * sigma * nu * nu) * std::cos(2 * kPi * nu * s);
  }
  return 2 * sum * step;
}

struct Reconstructed {
  double mean = 0, sd = 0;  ///< Bq/mL
};

/// The middle of a uniform disc by filtered backprojection of Poisson sinograms: counts per mm and
/// rad are c a P(s) + b, the slice as thick as a Gaussian of axial sigma is for noise.
Reconstructed backproject(double radius, double bq_per_mm3, double survival, double c, double b,
                          double sigma, double sigma_z) {
  constexpr int kAngles = 32, kRuns = 800;
  constexpr double kStep = 1;
  const double thick = 2 * std::sqrt(kPi) * sigma_z, bin = kStep * kPi / kAngles * thick;
  std::vector<double> weight, line;
  for (double s = -120; s <= 120; s += kStep) {
    weight.push_back(ramp(s, sigma) * kStep * kPi / kAngles);
    line.push_back(std::abs(s) < radius ? 2 * bq_per_mm3 * std::sqrt(radius * radius - s * s) : 0);
  }
  Reconstructed r;
  std::vector<double> values(kRuns, 0.0);
  core::parallel_for(kRuns, [&](std::size_t run) {
    double& value = values[run];
    for (int angle = 0; angle < kAngles; ++angle) {
      core::Random random(
          17, static_cast<std::uint64_t>(run) * kAngles + static_cast<std::uint64_t>(angle));
      for (std::size_t i = 0; i < line.size(); ++i) {
        const double a = line[i] > 0 ? survival : 1;
        const double mean = (c * a * line[i] + b) * bin;
        if (!(mean > 0)) continue;
        const auto n = static_cast<double>(random.poisson(mean));
        value += weight[i] * (n - b * bin) / (c * a * bin);
      }
    }
  });
  double sum = 0, sum2 = 0;
  for (const double value : values) sum += value, sum2 += value * value;
  r.mean = sum / kRuns * units::kMm3PerMl;
  r.sd = std::sqrt(sum2 / kRuns - sum / kRuns * (sum / kRuns)) * units::kMm3PerMl;
  return r;
}

// The formula against filtered backprojection of drawn counts. In the middle of a disc all
// directions carry the same, so least squares and backprojection have one variance. Attenuation
// along chords off the middle is shorter than the code here takes, which touches only the wings
// of the filter. 9 %: three times the 2.5 % of 800 runs, and the grid's steps.
TEST(FastPath, NoiseIsThatOfBackprojectedCounts) {
  const double radius = 50, mu = 0.0096, bq = 1000;
  for (const double scatter : {0.0, 0.3}) {
    FastScene scene = cylinder(radius, bq, mu);
    NuclearModel model = long_scanner();
    model.scatter_fraction = scatter;
    const FastNoise noise = fast_noise(scene, model, {32, 64});
    const double survival = std::exp(-2 * mu * radius);
    const double c = model.sensitivity * scene.duration_s / kPi;
    // Spread evenly over a square with the disc's second moments: side^2 = 6 * 2 * R^2 / 4.
    const double width = std::sqrt(3.0) * radius, length = 24;
    const double b = noise.counts.scatters / (kPi * width * length);
    const Reconstructed truth = backproject(radius, bq / 1000, survival, c, b,
                                            5 / units::kFwhmPerSigma, 5 / units::kFwhmPerSigma);
    EXPECT_NEAR(truth.mean, bq, 0.03 * bq);  // the check itself reconstructs
    EXPECT_NEAR(middle(noise.sd_bq_per_ml), truth.sd, 0.09 * truth.sd) << scatter;
    if (scatter > 0)
      EXPECT_NEAR(noise.counts.scatters / (noise.counts.scatters + noise.counts.trues), 0.3, 1e-9);
  }
}

TEST(FastPath, CountsAreThoseOfAnEvenCylinder) {
  const FastScene scene = cylinder(50, 1000, 0);
  const auto counts = fast_noise(scene, long_scanner()).counts;
  double bq = 0;
  for (const float value : scene.activity_bq_per_ml.values()) bq += static_cast<double>(value);
  bq *= scene.activity_bq_per_ml.geometry().voxel_ml();
  EXPECT_NEAR(counts.trues, bq * 0.05 * 600, 0.002 * counts.trues);
  EXPECT_EQ(counts.scatters, 0);
  EXPECT_EQ(counts.randoms, 0);
}

TEST(FastPath, NoiseFollowsTimeWidthAndTimeOfFlight) {
  const FastScene scene = cylinder(80, 500, 0.0096);
  NuclearModel model = long_scanner();
  const double sd = middle(fast_noise(scene, model).sd_bq_per_ml);
  FastScene longer = scene;
  longer.duration_s *= 4;
  EXPECT_NEAR(middle(fast_noise(longer, model).sd_bq_per_ml), sd / 2, 1e-4 * sd);
  NuclearModel wide = model;
  wide.filter_fwhm_mm = {10, 10, 10};
  EXPECT_NEAR(middle(fast_noise(scene, wide).sd_bq_per_ml), sd / 4, 1e-4 * sd);  // 2^-(3+1)/2
  // Budinger 1983: variance falls by the diameter over 1.5 widths of the time of flight; the
  // chord is no longer than the kernel's tail, hence 3 %.
  NuclearModel flight = model;
  flight.tof_fwhm_mm = 30;
  const double sd_flight = middle(fast_noise(scene, flight).sd_bq_per_ml);
  EXPECT_NEAR(sd * sd / (sd_flight * sd_flight), 160 / (1.505 * 30), 0.03 * 160 / (1.505 * 30));
}

TEST(FastPath, SinglePhotonsInAirMakeTheSameNoiseAsPairs) {
  const FastScene scene = cylinder(50, 1000, 0);
  NuclearModel model = long_scanner();
  const double pairs = middle(fast_noise(scene, model).sd_bq_per_ml);
  model.pet = false;
  EXPECT_NEAR(middle(fast_noise(scene, model).sd_bq_per_ml), pairs, 0.01 * pairs);
  // In tissue half the path counts: exp(-mu R) against exp(-2 mu R) in the middle.
  FastScene tissue = cylinder(50, 1000, 0.015);
  const double single = middle(fast_noise(tissue, model).sd_bq_per_ml);
  model.pet = true;
  EXPECT_LT(single, middle(fast_noise(tissue, model).sd_bq_per_ml));
  EXPECT_GT(single, pairs);
}

TEST(FastPath, RandomsGrowWithTheSquareOfActivity) {
  NuclearModel model = long_scanner();
  model.axial_fov_mm = 300;
  model.coincidence_window_s = 4e-9;
  const auto low = fast_noise(cylinder(50, 1e4, 0), model).counts;
  const auto high = fast_noise(cylinder(50, 2e4, 0), model).counts;
  EXPECT_GT(low.randoms, 0);
  EXPECT_NEAR(high.randoms / low.randoms, 4, 1e-6);
}

TEST(FastPath, ImagesHaveTheStatedMeanAndSpread) {
  const FastScene scene = cylinder(30, 2000, 0.0096, 3, 12);
  const NuclearModel model = long_scanner();
  const auto& grid = scene.activity_bq_per_ml.geometry();
  const FastNoise noise = fast_noise(scene, model);
  const auto clean = fast_image(scene, model, noise, 1, true);
  constexpr int kSeeds = 60;
  std::vector<double> sum(grid.voxels(), 0.0), sum2(grid.voxels(), 0.0);
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto image = fast_image(scene, model, noise, seed);
    for (std::size_t v = 0; v < sum.size(); ++v) {
      const double off =
          static_cast<double>(image.values()[v]) - static_cast<double>(clean.values()[v]);
      sum[v] += off;
      sum2[v] += off * off;
    }
  }
  double ratio = 0, bias = 0;
  int voxels = 0;
  for (int j = grid.size[1] / 2 - 3; j <= grid.size[1] / 2 + 3; ++j) {
    for (int i = grid.size[0] / 2 - 3; i <= grid.size[0] / 2 + 3; ++i) {
      const std::size_t v = grid.offset(i, j, grid.size[2] / 2);
      const double sd = static_cast<double>(noise.sd_bq_per_ml.values()[v]);
      ratio += sum2[v] / kSeeds / (sd * sd);
      bias += sum[v] / kSeeds / sd;
      ++voxels;
    }
  }
  // 49 correlated voxels of 60 images: some 8 % of the variance.
  EXPECT_NEAR(ratio / voxels, 1, 0.16);
  EXPECT_NEAR(bias / voxels, 0, 4 / std::sqrt(60.0 * 4));
}

/// Variance of the mean over a disc of noise with the spectrum nu exp(-4 pi^2 sigma^2 nu^2) and
/// variance 1.
double disc_variance(double radius, double sigma) {
  double over_disc = 0, all = 0;
  for (int i = 0; i < 20000; ++i) {
    const double nu = (i + 0.5) * 1e-4 / sigma, x = 2 * kPi * radius * nu;
    const double power = nu * nu * std::exp(-4 * kPi * kPi * sigma * sigma * nu * nu);
    const double window = 2 * std::cyl_bessel_j(1.0, x) / x;
    all += power;
    over_disc += power * window * window;
  }
  return over_disc / all;
}

// 20 %: the octaves' ripple, the disc's voxels and some 500 discs.
TEST(FastPath, RegionsAverageNoiseAsRampFilteredDataDo) {
  image::Geometry grid;
  grid.size = {192, 192, 40};
  const auto noise = unit_noise(grid, {4, 4, 1}, 5);
  const auto variance = [&](int radius) {
    double sum2 = 0;
    int discs = 0;
    for (int k = 0; k < grid.size[2]; k += 4) {
      for (int y = 30; y + 30 < 192; y += 2 * radius + 6) {
        for (int x = 30; x + 30 < 192; x += 2 * radius + 6) {
          double sum = 0;
          int n = 0;
          for (int j = -radius; j <= radius; ++j)
            for (int i = -radius; i <= radius; ++i)
              if (i * i + j * j <= radius * radius)
                sum += static_cast<double>(noise.at(x + i, y + j, k)), ++n;
          sum2 += sum / n * (sum / n);
          ++discs;
        }
      }
    }
    return sum2 / discs;
  };
  for (const int radius : {5, 10}) {
    const double wanted = disc_variance(radius + 0.1, 4 / units::kFwhmPerSigma);
    EXPECT_NEAR(variance(radius), wanted, 0.2 * wanted) << radius;
  }
  double sum2 = 0;
  int n = 0;
  for (int k = 4; k < 36; ++k)
    for (int j = 40; j < 152; ++j)
      for (int i = 40; i < 152; ++i)
        sum2 += std::pow(static_cast<double>(noise.at(i, j, k)), 2), ++n;
  EXPECT_NEAR(sum2 / n, 1, 0.03);
}

RC_GTEST_PROP(FastPath, BlurKeepsActivityAndMovesWithIt, ()) {
  image::Geometry grid;
  grid.size = {41, 41, 41};
  grid.spacing_mm = {2, 2, 2};
  grid.origin_mm = {-40, -40, -40};
  FastScene scene{image::Volume<float>(grid), {}, 60, {0, 0, 0}};
  const auto place = [] { return *rc::gen::inRange(16, 22); };
  const image::Index3 p{place(), place(), place()};
  scene.activity_bq_per_ml.at(p[0], p[1], p[2]) = 1000;
  NuclearModel model = long_scanner();
  const FastNoise none{image::Volume<float>(grid), {}};
  const auto image = fast_image(scene, model, none, 1, true);
  double sum = 0;
  for (const float value : image.values()) sum += static_cast<double>(value);
  RC_ASSERT(std::abs(sum - 1000) < 0.01);
  FastScene moved = scene;
  moved.activity_bq_per_ml = image::Volume<float>(grid);
  moved.activity_bq_per_ml.at(p[0] + 1, p[1] + 2, p[2] - 1) = 1000;
  const auto other = fast_image(moved, model, none, 1, true);
  for (int d = -4; d <= 4; ++d)
    RC_ASSERT(std::abs(image.at(p[0] + d, p[1], p[2] - d) -
                       other.at(p[0] + 1 + d, p[1] + 2, p[2] - 1 - d)) < 1e-4F);
}

TEST(FastPath, SameForAnyNumberOfThreads) {
  const FastScene scene = cylinder(30, 1000, 0.0096, 3, 8);
  const auto make = [&] {
    return fast_image(scene, long_scanner(), fast_noise(scene, long_scanner()), 7).values();
  };
  const auto many = make();
  const core::ThreadLimit one(1);
  EXPECT_EQ(make(), many);
}

TEST(NuclearModel, ComesFromTheCatalogue) {
  const auto& zr = nuclide::find("Zr-89");
  const auto model = nuclear_model(catalogue::scanner("inveon"), zr);
  EXPECT_TRUE(model.pet);
  EXPECT_GT(model.fwhm_mm[0], 1.6);  // the scanner's, and the positron range
  EXPECT_LT(model.sensitivity, 0.072 * zr.positron_fraction * 1.2);
  EXPECT_GT(model.sensitivity, 0.072 * zr.positron_fraction * 0.99);
  EXPECT_NEAR(nuclear_model(catalogue::scanner("vision-quadra"), zr).tof_fwhm_mm, 34.5, 0.5);
  EXPECT_FALSE(nuclear_model(catalogue::scanner("nanospect"), nuclide::find("In-111")).pet);
  EXPECT_THROW((void)nuclear_model(catalogue::scanner("nanospect"), nuclide::find("F-18")), Error);
  EXPECT_THROW((void)nuclear_model(catalogue::scanner("inveon"), nuclide::find("Tc-99m")), Error);
  EXPECT_THROW((void)nuclear_model(catalogue::scanner("mpi-momentum"), zr), Error);
}

}  // namespace
