#include "sojourn/numerics/decay_chains.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "sojourn/numerics/linear_system.h"
#include "sojourn/numerics/symmetric_modes.h"

namespace {

using namespace sojourn::numerics;

/// The chain as a matrix: stage i empties with its rate into stage i + 1, at unit transfer.
double by_matrix(const std::vector<double>& rates, double t) {
  const std::size_t n = rates.size();
  std::vector<double> a(n * n, 0.0), start(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    a[i * n + i] = -rates[i];
    if (i > 0) a[i * n + i - 1] = 1;
  }
  start[0] = 1;
  return propagate(a, start, t).back();
}

RC_GTEST_PROP(DecayChains, EqualTheMatrixExponentialOfTheChain, ()) {
  const auto rate = [] {
    return *rc::gen::element(0.0, 0.0, 0.006, 0.1, 0.35, 0.35, 1.0, 40.0, 120.0) +
           *rc::gen::element(0.0, 0.0, 1e-13, 1e-7, 1e-3, 0.02);
  };
  std::vector<double> shared(static_cast<std::size_t>(*rc::gen::inRange(1, 6)));
  for (auto& r : shared) r = rate();
  const double own = rate(), t = *rc::gen::inRange(0, 100) * 0.1;
  DecayChains chains(shared, t);
  const auto stages = static_cast<DecayChains::Stages>(*rc::gen::inRange(1, 1 << shared.size()));
  std::vector<double> rates;
  for (std::size_t j = 0; j < shared.size(); ++j)
    if ((stages >> j & 1U) != 0) rates.push_back(shared[j]);
  const double size = std::pow(t, rates.size()) / std::tgamma(rates.size() + 1.0);
  // t^n / n! is the response without losses: the scale of both methods' rounding
  RC_ASSERT(std::abs(chains.with(own, std::exp(-own * t), stages) - [&] {
              auto all = rates;
              all.push_back(own);
              return by_matrix(all, t);
            }()) < 1e-12 * (1 + size));
  RC_ASSERT(std::abs(chains.shared(stages) - by_matrix(rates, t)) < 1e-12 * (1 + size));
}

TEST(DecayChains, HaveTheirClosedForms) {
  DecayChains chains(std::vector<double>{1, 3, 0, 0}, 0.7);
  EXPECT_NEAR(chains.with(1, std::exp(-0.7), 2U), (std::exp(-0.7) - std::exp(-2.1)) / 2, 1e-15);
  EXPECT_NEAR(chains.with(0, 1, 0b1100U), 0.7 * 0.7 / 2, 1e-15);
  EXPECT_NEAR(chains.shared(0b0011U), (std::exp(-0.7) - std::exp(-2.1)) / 2, 1e-15);
  EXPECT_EQ(chains.with(5, 0.25, 0U), 0.25);
}

TEST(SymmetricModes, GiveTheMatrixBack) {
  const std::vector<double> a{-3, 1, 0.5, 1, -2, 0, 0.5, 0, -1e-3};
  const auto m = symmetric_modes(a, 3);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0, unit = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        sum += m.vectors[i * 3 + k] * m.values[k] * m.vectors[j * 3 + k];
        unit += m.vectors[i * 3 + k] * m.vectors[j * 3 + k];
      }
      EXPECT_NEAR(sum, a[i * 3 + j], 1e-14);
      EXPECT_NEAR(unit, i == j ? 1 : 0, 1e-14);
    }
  EXPECT_LT(m.values[0], m.values[2]);
  EXPECT_ANY_THROW((void)symmetric_modes(a, 2));
  EXPECT_ANY_THROW((void)symmetric_modes(std::vector<double>{std::nan("")}, 1));
}

}  // namespace
