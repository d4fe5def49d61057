#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/nuclide/positron_range.h"

namespace {

using namespace sojourn::nuclide;

TEST(PositronRangePublished, ElectronsFollowEstar) {
  // NIST ESTAR, liquid water: total stopping power (MeV cm2/g) and CSDA range (g/cm2), four digits.
  // Stopping power: 0.1 % up to 1 MeV; above it our bremsstrahlung is up to 10 % too strong at 3
  // MeV, which is 0.25 % of the whole. Range at 10 keV: the path under 1 keV, 4e-6 g/cm2.
  struct Row {
    double energy_kev, stopping, range, stopping_share, range_share;
  };
  for (const auto& row :
       {Row{10, 22.56, 2.515e-4, 1e-3, 0.02}, Row{20, 13.18, 8.566e-4, 1e-3, 6e-3},
        Row{50, 6.607, 4.320e-3, 1e-3, 2e-3}, Row{100, 4.119, 1.431e-2, 1e-3, 1e-3},
        Row{200, 2.798, 4.488e-2, 1e-3, 1e-3}, Row{500, 2.041, 1.766e-1, 1e-3, 2e-3},
        Row{1000, 1.862, 4.367e-1, 1e-3, 2e-3}, Row{2000, 1.850, 9.785e-1, 2.5e-3, 2e-3},
        Row{3000, 1.889, 1.514, 2.5e-3, 2e-3}}) {
    EXPECT_NEAR(water_stopping_kev_per_mm(row.energy_kev, Lepton::electron) / 100 / row.stopping, 1,
                row.stopping_share)
        << row.energy_kev;
    EXPECT_NEAR(csda_range_mm(row.energy_kev, Lepton::electron) / 10 / row.range, 1,
                row.range_share)
        << row.energy_kev;
  }
}

TEST(PositronRangePublished, MeanRangesOfTheReviews) {
  // Conti & Eriksson, EJNMMI Phys 2016;3:8, table 1, and J Nucl Med 2022;63:649, table 3 (68Ga,
  // 82Rb: the strongest branch): mean range in water as printed, to 0.1 mm. 0.1 mm is allowed: half
  // a digit of print and 0.06 mm between the mean of the ranges and the range of the mean energy
  // (18F: 0.68 and 0.62), which tables do not tell apart.
  struct Row {
    const char* name;
    double range_mm;
  };
  for (const auto& row :
       {Row{"F-18", 0.6}, Row{"C-11", 1.2}, Row{"N-13", 1.8}, Row{"O-15", 3.0}, Row{"Cu-64", 0.7},
        Row{"Zr-89", 1.3}, Row{"Ga-68", 3.5}, Row{"Rb-82", 7.1}})
    EXPECT_NEAR(positron_mean_range_mm(row.name), row.range_mm, 0.1) << row.name;
}

TEST(PositronRangePublished, BlurAgainstLevinAndHoffman) {
  // Phys Med Biol 1999;44:781: C exp(-k1 |x|) + (1 - C) exp(-k2 |x|) along one axis, k in 1/mm; its
  // second moment against ours. The fits were made to the core: for 18F and 11C their tails would
  // need tracks without scattering (their 3D distance is 0.95 of the rms path for 18F), so ours is
  // narrower there; 30 % is allowed for these, 10 % where the path exceeds 1.5 mm.
  struct Row {
    const char* name;
    double c, k1, k2, share;
  };
  for (const auto& row :
       {Row{"F-18", 0.519, 27.9, 2.91, 0.3}, Row{"C-11", 0.501, 24.5, 1.76, 0.3},
        Row{"N-13", 0.433, 25.4, 1.44, 0.1}, Row{"O-15", 0.263, 33.2, 1.0, 0.1}}) {
    const double square =
        (row.c * 2 / std::pow(row.k1, 3) + (1 - row.c) * 2 / std::pow(row.k2, 3)) /
        (row.c / row.k1 + (1 - row.c) / row.k2);
    EXPECT_NEAR(positron_rms_distance_mm(row.name) / std::sqrt(3.0) / std::sqrt(square), 1,
                row.share)
        << row.name;
  }
}

}  // namespace
