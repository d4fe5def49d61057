#include "sojourn/nuclide/positron_range.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"

namespace {

using namespace sojourn::nuclide;

TEST(PositronRange, GrowsWithEnergyAndStaysUnderThePath) {
  double before = 0;
  for (double energy = 0.5; energy < 4000; energy *= 1.3) {
    const double path = csda_range_mm(energy, Lepton::positron);
    EXPECT_GT(path, before) << energy;
    before = path;
    EXPECT_LT(positron_rms_distance_mm(energy), path) << energy;
    // scattering bends the track: neither straight nor confined to its start
    if (energy > 10) EXPECT_GT(positron_rms_distance_mm(energy), 0.6 * path) << energy;
  }
  EXPECT_EQ(csda_range_mm(0, Lepton::positron), 0);
}

TEST(PositronRange, IsTheIntegralOfTheStoppingPower) {
  for (const auto lepton : {Lepton::electron, Lepton::positron}) {
    const double step = 10;  // keV: three cells of the table, which is linear within each (0.43 %)
    const double slope =
        (csda_range_mm(700 + step, lepton) - csda_range_mm(700 - step, lepton)) / (2 * step);
    EXPECT_NEAR(slope * water_stopping_kev_per_mm(700, lepton), 1, 1e-3);
  }
}

TEST(PositronRange, PositronsOutrunElectronsAtHighEnergyOnly) {
  // Bhabha against Moller: F+ exceeds F- below and falls under it above some 300 keV
  EXPECT_GT(water_stopping_kev_per_mm(50, Lepton::positron),
            water_stopping_kev_per_mm(50, Lepton::electron));
  EXPECT_LT(water_stopping_kev_per_mm(1000, Lepton::positron),
            water_stopping_kev_per_mm(1000, Lepton::electron));
}

TEST(PositronRange, OrdersTheNuclidesByEnergy) {
  EXPECT_LT(positron_mean_range_mm("F-18"), positron_mean_range_mm("Cu-64"));
  EXPECT_LT(positron_mean_range_mm("Cu-64"), positron_mean_range_mm("Zr-89"));
  EXPECT_LT(positron_mean_range_mm("Zr-89"), positron_mean_range_mm("Ga-68"));
  EXPECT_NEAR(positron_range_fwhm_mm("Zr-89"),
              2.3548200450309493 * positron_rms_distance_mm("Zr-89") / std::sqrt(3.0), 1e-12);
  EXPECT_THROW((void)positron_mean_range_mm("Tc-99m"), sojourn::Error);
  EXPECT_THROW((void)positron_mean_range_mm("Y-90"), sojourn::Error);
}

}  // namespace
