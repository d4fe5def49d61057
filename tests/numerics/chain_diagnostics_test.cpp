#include "sojourn/numerics/chain_diagnostics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;
using sojourn::core::Random;

/// x_i = phi x_{i-1} + noise, stationary with sd 1.
Chains autoregressive(double phi, std::size_t chains, std::size_t draws) {
  Chains result(chains);
  for (std::size_t c = 0; c < chains; ++c) {
    Random random(11, c);
    double x = random.normal();
    for (std::size_t i = 0; i < draws; ++i) {
      result[c].push_back(x);
      x = phi * x + std::sqrt(1 - phi * phi) * random.normal();
    }
  }
  return result;
}

/// Short series that anyone can make again: x <- 0.6 x + u - 1/2 with the C library's old
/// generator.
Chains reproducible() {
  Chains chains(3);
  for (std::uint64_t c = 0; c < 3; ++c) {
    std::uint64_t state = c + 1;
    double x = 0;
    for (int i = 0; i < 30; ++i) {
      state = (state * 1103515245 + 12345) % (std::uint64_t{1} << 31);
      x = 0.6 * x + static_cast<double>(state) / 2147483648.0 - 0.5;
      chains[c].push_back(x);
    }
  }
  return chains;
}

TEST(ChainDiagnostics, SplitRHatByHand) {
  // halves (1, 2), (3, 4), (5, 6), (7, 8): W = 1/2, variance of the means 20/3, n = 2
  const Chains steps{{1, 2, 3, 4}, {5, 6, 7, 8}};
  EXPECT_NEAR(split_r_hat(steps), std::sqrt((0.25 + 20.0 / 3) / 0.5), 1e-14);
  // of the normal scores of ranks 1 to 8, Phi^-1((r - 3/8) / 8.25)
  EXPECT_NEAR(rank_r_hat(steps), 2.9994207791566865, 1e-9);
}

TEST(ChainDiagnostics, EqualsTheAlgorithmOfThePosteriorPackage) {
  // the R package posterior 1.5 (convergence.R, .rhat and .ess), written out again in Python
  const Chains chains = reproducible();
  EXPECT_NEAR(split_r_hat(chains), 1.2486680630300284, 1e-12);
  EXPECT_NEAR(rank_r_hat(chains), 1.2418520674974978, 1e-9);
  EXPECT_NEAR(effective_size(chains), 12.8454161556333, 1e-9);
  EXPECT_NEAR(bulk_effective_size(chains), 12.972444183824726, 1e-7);
  EXPECT_NEAR(tail_effective_size(chains), 35.434482758620675, 1e-9);
}

TEST(ChainDiagnostics, EffectiveSizeOfAutoregressionIsAnalytic) {
  for (const double phi : {0.0, 0.5, 0.9, -0.3}) {
    const std::size_t n = 20000;
    const auto chains = autoregressive(phi, 4, n);
    const double expected = 4 * static_cast<double>(n) * (1 - phi) / (1 + phi);
    // the estimate's own spread at 0.9: 10 % of 4200 needs some 300 independent stretches; 15 % is
    // 3
    EXPECT_NEAR(effective_size(chains) / expected, 1, 0.15) << phi;
    EXPECT_LT(rank_r_hat(chains), 1.005);
  }
}

TEST(ChainDiagnostics, RanksDoNotMindMonotoneMapsAndHeavyTails) {
  auto chains = autoregressive(0.5, 4, 2000);
  const double r_hat = rank_r_hat(chains), bulk = bulk_effective_size(chains);
  for (auto& chain : chains)
    for (double& x : chain) x = std::exp(5 * x);
  EXPECT_NEAR(bulk_effective_size(chains), bulk, 1e-9 * bulk);
  EXPECT_GE(r_hat, 1.0);
  EXPECT_LT(rank_r_hat(chains), 1.01);
}

TEST(ChainDiagnostics, FoldingSeesAChainOfAnotherWidth) {
  auto chains = autoregressive(0.0, 4, 1000);
  for (double& x : chains[0]) x *= 3;
  EXPECT_LT(split_r_hat(chains), 1.01);  // the means agree
  EXPECT_GT(rank_r_hat(chains), 1.05);
}

TEST(ChainDiagnostics, ConstantAndStuckChains) {
  const Chains constant(2, std::vector<double>(200, 3.0));
  EXPECT_EQ(split_r_hat(constant), 1);
  EXPECT_EQ(effective_size(constant), 0);
  Chains stuck = constant;
  stuck[1].assign(200, 4.0);
  EXPECT_TRUE(std::isinf(split_r_hat(stuck)));
  EXPECT_LT(effective_size(stuck), 5);
}

TEST(ChainDiagnostics, RefusesWhatIsTooShortOrUnequal) {
  EXPECT_THROW((void)split_r_hat({}), Error);
  EXPECT_THROW((void)rank_r_hat({{1, 2, 3}}), Error);
  EXPECT_THROW((void)effective_size({{1, 2, 3, 4}, {1, 2, 3, 4, 5}}), Error);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)bulk_effective_size({{1, 2, 3, nan}}), Error);
  EXPECT_THROW((void)tail_effective_size({{1, 2, 3, std::numeric_limits<double>::infinity()}}),
               Error);
}

}  // namespace
