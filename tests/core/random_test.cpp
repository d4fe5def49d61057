#include "sojourn/core/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sojourn/core/parallel.h"

namespace sojourn::core {
namespace {

using Block = std::array<std::uint32_t, 4>;

TEST(RandomPublished, PhiloxKnownAnswers) {
  // Random123 kat_vectors, philox4x32 with 10 rounds (Salmon et al. 2011).
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(Random::philox({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Random::philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      Random::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, StreamsDifferAndRepeat) {
  Random a(1, 2), b(1, 2), c(1, 3), d(2, 2);
  const auto first = a.bits();
  EXPECT_EQ(first, b.bits());
  EXPECT_NE(first, c.bits());
  EXPECT_NE(first, d.bits());
}

struct Moments {
  double mean = 0, variance = 0;
};

template <typename Draw>
Moments moments_of(std::size_t n, Draw&& draw) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / static_cast<double>(n);
  return {mean, squares / static_cast<double>(n) - mean * mean};
}

constexpr std::size_t kDraws = 400000;
constexpr double kSigmas = 4;  // a fixed seed: passes or fails for good

TEST(Random, UniformMomentsAndRange) {
  Random random(11);
  double least = 1, most = 0;
  const auto m = moments_of(kDraws, [&] {
    const double u = random.uniform();
    least = std::min(least, u), most = std::max(most, u);
    return u;
  });
  EXPECT_GT(least, 0);
  EXPECT_LT(most, 1);
  EXPECT_NEAR(m.mean, 0.5, kSigmas * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(m.variance, 1.0 / 12, kSigmas * std::sqrt(1.0 / 180 / kDraws));
}

TEST(Random, NormalMoments) {
  Random random(12);
  const auto m = moments_of(kDraws, [&] { return random.normal(); });
  EXPECT_NEAR(m.mean, 0, kSigmas / std::sqrt(kDraws));
  EXPECT_NEAR(m.variance, 1, kSigmas * std::sqrt(2.0 / kDraws));
}

TEST(Random, PoissonMomentsOnBothSidesOfTheSwitch) {
  for (const double mean : {0.01, 1.0, 29.9, 30.0, 31.0, 1000.0, 1e6}) {
    Random random(13);
    const auto m = moments_of(kDraws, [&] { return static_cast<double>(random.poisson(mean)); });
    EXPECT_NEAR(m.mean, mean, kSigmas * std::sqrt(mean / kDraws)) << mean;
    // Var of the sample variance: (mu4 - sigma^4) / n with mu4 = mean (1 + 3 mean).
    EXPECT_NEAR(m.variance, mean,
                kSigmas * std::sqrt((mean + 2 * mean * mean) / kDraws) + 1e-9 * mean * mean)
        << mean;
  }
  Random random(1);
  EXPECT_EQ(random.poisson(0), 0U);
}

TEST(Random, OneStreamPerItemGivesTheSameForAnyNumberOfThreads) {
  const auto draw_all = [](std::size_t threads) {
    const ThreadLimit limit(threads);
    std::vector<double> values(1000);
    parallel_for(values.size(), [&](std::size_t i) { values[i] = Random(5, i).normal(); });
    return values;
  };
  EXPECT_EQ(draw_all(1), draw_all(4));
}

}  // namespace
}  // namespace sojourn::core
