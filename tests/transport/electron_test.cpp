#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sojourn/core/parallel.h"
#include "sojourn/nuclide/positron_range.h"
#include "sojourn/transport/electron_follow.h"
#include "sojourn/transport/electron_kernel.h"

namespace {

using namespace sojourn::transport;

TEST(Electron, AllEnergyIsDepositedButForBremsstrahlung) {
  for (const double kev : {10.0, 100.0, 1000.0}) {
    const ElectronTables tables(kev, std::max(0.01 * kev, 0.1));
    double sum = 0, yield = 0;
    constexpr int kHistories = 500;
    for (int i = 0; i < kHistories; ++i) {
      Stream random(3, static_cast<std::uint64_t>(i));
      Electron e;
      e.energy_kev = kev;
      follow_electron(e, tables, std::max(1.0, 0.01 * kev), random,
                      [&](double, double, double, double d) {
                        EXPECT_GE(d, 0);
                        sum += d / kev / kHistories;
                      });
    }
    // radiation yield by the continuous-slowing-down approximation
    for (double e = 1; e < kev; e *= 1.01)
      yield += sojourn::nuclide::water_radiation_kev_per_mm(e) /
               sojourn::nuclide::water_stopping_kev_per_mm(e, sojourn::nuclide::Lepton::electron) *
               e * 0.01 / kev;
    EXPECT_NEAR(sum, 1 - yield, 2e-3) << kev;
  }
}

TEST(Electron, MeanPathIsTheSlowingDownPath) {
  // the path of the primary, summed over its steps, against the table: straggling keeps the mean
  const double kev = 200;
  const ElectronTables tables(kev, 2);
  const auto row = tables.at(kev);
  const double hard_loss =
      sojourn::nuclide::water_stopping_kev_per_mm(kev, sojourn::nuclide::Lepton::electron) -
      row.radiation - row.soft_loss;
  EXPECT_GT(hard_loss, 0);
  // mean loss of a knock-on collision drawn, times their rate, is what the soft part leaves out
  double mean = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    Stream random(5, static_cast<std::uint64_t>(i));
    const double w = detail::knock_on_loss_kev(kev, 2, random);
    ASSERT_GE(w, 2 * (1 - 1e-12));
    ASSERT_LE(w, kev / 2 * (1 + 1e-12));
    mean += w / kDraws;
  }
  EXPECT_NEAR(mean * row.knock_on / hard_loss, 1, 0.02);  // sd of the mean: 0.6 %
}

TEST(Electron, KernelIsTheSameForAnyNumberOfThreads) {
  const std::vector<double> edges{0, 0.25, 0.5, 0.75, 1, 1.5};
  const auto many = electron_kernel(100, edges, 200, 7);
  const sojourn::core::ThreadLimit one(1);
  EXPECT_EQ(electron_kernel(100, edges, 200, 7).share, many.share);
}

TEST(Electron, ShallowerShellsHoldNearlyAll) {
  const auto k = electron_kernel(100, {0, 0.9, 1.3}, 500, 1);
  EXPECT_GT(k.share[0], 0.9);
  EXPECT_NEAR(k.share[0] + k.share[1], 1, 2e-3);
  EXPECT_NEAR(k.path_mm, 0.1431, 0.002);  // ESTAR
}

}  // namespace
