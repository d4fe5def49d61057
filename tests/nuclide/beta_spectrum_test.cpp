#include "sojourn/nuclide/beta_spectrum.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::nuclide;

/// Mean and highest energy of a nuclide's branches of one kind.
struct Branches {
  double mean_kev = 0, top_kev = 0, intensity = 0;
};

Branches branches(const Nuclide& n, const std::string& type) {
  Branches b;
  for (const auto& e : n.emissions) {
    if (e.type != type) continue;
    b.mean_kev += e.energy_kev * e.intensity;
    b.intensity += e.intensity;
    b.top_kev = std::max(b.top_kev, e.end_point_kev);
  }
  if (b.intensity > 0) b.mean_kev /= b.intensity;
  return b;
}

TEST(BetaSpectrum, HasTheMeanAndEndOfTheBranches) {
  int spectra = 0;
  for (const auto& name : known())
    for (const auto sign : {BetaSign::minus, BetaSign::plus}) {
      const auto b = branches(find(name), sign == BetaSign::minus ? "beta-" : "beta+");
      if (b.intensity == 0) {
        EXPECT_THROW((void)beta_spectrum(name, sign), sojourn::Error) << name;
        continue;
      }
      ++spectra;
      const auto& s = beta_spectrum(name, sign);
      // 300 points against 4000, and branches too faint for the row
      EXPECT_NEAR(s.mean_kev / b.mean_kev, 1, 5e-4) << name;
      EXPECT_NEAR(s.energies_kev.back(), b.top_kev, 1e-3) << name;
      EXPECT_EQ(s.energies_kev.front(), 0) << name;
      EXPECT_EQ(s.density_per_kev.back(), 0) << name;
      EXPECT_NEAR(s.cumulated.back(), 1, 1e-12) << name;
    }
  EXPECT_EQ(spectra, 16);  // Cu-64 has two
}

TEST(BetaSpectrum, AsksWhichOneWhereThereAreTwo) {
  EXPECT_THROW((void)beta_spectrum("Cu-64"), sojourn::Error);
  EXPECT_THROW((void)beta_spectrum("Tc-99m"), sojourn::Error);
  EXPECT_EQ(&beta_spectrum("zr89"), &beta_spectrum("Zr-89", BetaSign::plus));
  EXPECT_EQ(&beta_spectrum("Y-90"), &beta_spectrum("Y-90", BetaSign::minus));
}

TEST(BetaSpectrum, SamplesItsOwnMean) {
  for (const char* name : {"F-18", "Zr-89", "Y-90", "I-124", "Lu-177"}) {
    const auto& s = beta_spectrum(name);
    EXPECT_NEAR(s.sample_kev(0), 0, 1e-9);
    EXPECT_NEAR(s.sample_kev(1), s.energies_kev.back(), 1e-6);
    constexpr int n = 20000;
    double sum = 0;
    for (int i = 0; i < n; ++i) sum += s.sample_kev((i + 0.5) / n);
    EXPECT_NEAR(sum / n / s.mean_kev, 1, 1e-5) << name;  // midpoints: error of order 1/n
  }
}

RC_GTEST_PROP(BetaSpectrum, SamplingUndoesTheCumulatedShare, ()) {
  const auto& s = beta_spectrum("Zr-89");
  const double u = *rc::gen::inRange(0, 1000001) / 1e6;
  const double energy = s.sample_kev(u);
  const auto above = std::upper_bound(s.energies_kev.begin(), s.energies_kev.end() - 1, energy);
  const auto i = static_cast<std::size_t>(above - s.energies_kev.begin());
  const double t = energy - s.energies_kev[i - 1],
               slope = (s.density_per_kev[i] - s.density_per_kev[i - 1]) /
                       (s.energies_kev[i] - s.energies_kev[i - 1]);
  const double share = s.cumulated[i - 1] + t * s.density_per_kev[i - 1] + t * t * slope / 2;
  RC_ASSERT(std::abs(share - u) < 1e-9);
}

}  // namespace
