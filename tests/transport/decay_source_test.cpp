#include "sojourn/transport/decay_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/positron_range.h"

namespace {

using namespace sojourn;
using namespace sojourn::transport;

TEST(SourceMap, DrawsVoxelsByTheirActivity) {
  image::Geometry g;
  g.size = {3, 2, 1};
  g.spacing_mm = {2, 3, 4};
  const std::vector<float> weights{0, 1, 2, 0, 0, 5};
  const SourceMap map(g, weights);
  EXPECT_EQ(map.total(), 8);
  std::vector<int> found(6);
  constexpr int n = 80000;
  for (int i = 0; i < n; ++i) {
    Stream random(5, static_cast<std::uint64_t>(i));
    const auto mm = map.sample(random);
    const auto v = g.to_voxel(mm);
    ++found[g.offset(static_cast<int>(std::lround(v[0])), static_cast<int>(std::lround(v[1])),
                     static_cast<int>(std::lround(v[2])))];
  }
  for (std::size_t i = 0; i < 6; ++i) {
    const double p = static_cast<double>(weights[i]) / 8;
    EXPECT_NEAR(found[i] / double{n}, p, 4 * std::sqrt(p * (1 - p) / n)) << i;
  }
}

TEST(SourceMap, RefusesWhatIsNoActivity) {
  image::Geometry g;
  g.size = {2, 1, 1};
  EXPECT_THROW(SourceMap(g, std::vector<float>{0, 0}), Error);
  EXPECT_THROW(SourceMap(g, std::vector<float>{1, -1}), Error);
  EXPECT_THROW(SourceMap(g, std::vector<float>{1}), Error);
}

double radius_of_share(std::vector<double> sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
}

/// |x| below which a share of C exp(-a x) + (1 - C) exp(-b x) lies.
double double_exponential_radius(double c, double a, double b, double share) {
  const double total = c / a + (1 - c) / b;
  double low = 0, high = 100;
  for (int i = 0; i < 80; ++i) {
    const double x = (low + high) / 2;
    const double beyond = c / a * std::exp(-a * x) + (1 - c) / b * std::exp(-b * x);
    (1 - beyond / total < share ? low : high) = x;
  }
  return low;
}

struct Published {
  const char* name;
  double c, a, b;
};

/// Radii along one axis below which half and nine tenths of the annihilations lie.
std::array<double, 2> projected_radii(const char* name) {
  const auto scheme = decay_scheme(name, 50);
  std::vector<double> x;
  for (int i = 0; i < 100000; ++i) {
    Stream random(6, static_cast<std::uint64_t>(i));
    const double r = scheme.range_mm(random.uniform_f());
    x.push_back(r * std::abs(2 * random.uniform() - 1));  // projection of an even direction
  }
  std::sort(x.begin(), x.end());
  return {radius_of_share(x, 0.5), radius_of_share(x, 0.9)};
}

// Levin and Hoffman, Phys Med Biol 1999;44:781: annihilation points projected on one axis, in
// water. 16 % for 11C and longer ranges. Their 18F reaches further than its second moment allows
// without straight tracks (docs/theory/nuclides.md); ours is 25 and 21 % shorter, which the second
// block pins so that nobody takes it for agreement.
TEST(PositronRangePublished, ProjectedRadiiOfLevinAndHoffman) {
  for (const Published& p :
       {Published{"C-11", 0.501, 24.5, 1.76}, Published{"N-13", 0.433, 25.4, 1.44},
        Published{"O-15", 0.263, 33.2, 1.0}}) {
    const auto radii = projected_radii(p.name);
    for (int i = 0; i < 2; ++i)
      EXPECT_NEAR(radii[i] / double_exponential_radius(p.c, p.a, p.b, i == 0 ? 0.5 : 0.9), 1, 0.165)
          << p.name << " " << i;
  }
  const auto f18 = projected_radii("F-18");
  EXPECT_NEAR(f18[0] / double_exponential_radius(0.519, 27.9, 2.91, 0.5), 0.75, 0.02);
  EXPECT_NEAR(f18[1] / double_exponential_radius(0.519, 27.9, 2.91, 0.9), 0.79, 0.02);
}

TEST(PositronRange, TracksKeepLewisSecondMoment) {
  for (const char* name : {"F-18", "Zr-89", "Ga-68"}) {
    const auto scheme = decay_scheme(name, 50);
    double square = 0;
    for (int i = 0; i < 100000; ++i) {
      Stream random(9, static_cast<std::uint64_t>(i));
      const double r = scheme.range_mm(random.uniform_f());
      square += r * r / 100000;
    }
    // 1.5 %: 65536 tracks in 1024 quantiles
    EXPECT_NEAR(std::sqrt(square) / nuclide::positron_rms_distance_mm(name), 1, 0.015) << name;
  }
}

double prompt_probability(const DecayScheme& d, double kev, bool positron) {
  double sum = 0;
  for (const auto& b : d.branches)
    if (b.positron == positron)
      for (const auto& l : b.prompt)
        if (std::abs(l.energy_kev - kev) < 0.1) sum += b.share * l.probability;
  return sum;
}

TEST(DecayScheme, GammasFollowTheirPositrons) {
  const auto i124 = decay_scheme("I-124", 50);
  EXPECT_NEAR(prompt_probability(i124, 602.73, true), 0.117 + 0.868 * 0.00293, 1e-6);
  EXPECT_NEAR(prompt_probability(i124, 602.73, true) + prompt_probability(i124, 602.73, false),
              0.629, 1e-3);
  const auto ga68 = decay_scheme("Ga-68", 50);
  EXPECT_NEAR(prompt_probability(ga68, 1077.34, true), 0.012, 1e-6);
  const auto cu64 = decay_scheme("Cu-64", 50);
  EXPECT_EQ(prompt_probability(cu64, 1345.77, true), 0);
  for (const char* name :
       {"I-124", "Ga-68", "Rb-82", "Cu-64", "Y-86", "F-18", "Tc-99m", "In-111", "Zr-89"}) {
    const auto d = decay_scheme(name, 50);
    double share = 0, positrons = 0;
    for (const auto& b : d.branches) share += b.share, positrons += b.positron ? b.share : 0;
    EXPECT_NEAR(share, 1, 1e-3) << name;
    EXPECT_NEAR(positrons, d.positron_fraction, 2e-3) << name;
  }
}

TEST(DecayScheme, TheLineOf89mYIsNotPrompt) {
  const auto zr89 = decay_scheme("Zr-89", 50);
  ASSERT_EQ(zr89.delayed.size(), 1U);
  EXPECT_NEAR(zr89.delayed[0].energy_kev, 908.96, 1e-9);
  EXPECT_NEAR(zr89.delayed[0].probability, 0.99041, 1e-9);
  EXPECT_EQ(prompt_probability(zr89, 908.96, true) + prompt_probability(zr89, 908.96, false), 0);
}

}  // namespace
