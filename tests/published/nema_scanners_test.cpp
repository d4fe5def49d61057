#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/simulate/nema.h"

namespace {

using namespace sojourn::simulate;

NemaOptions with(double decays, double low_kev = -1, double high_kev = -1, int rings = -1) {
  NemaOptions o;
  o.decays = decays;
  o.energy_low_kev = low_kev, o.energy_high_kev = high_kev;
  o.most_ring_difference = rings;
  return o;
}

// Inveon, point source at the centre. 350-650 keV: 7.2 % (Kemp 2009, Phys Med Biol 54:2359), 5.75 %
// (Constantinescu 2009, Phys Med Biol 54:2885); 250-750 keV: 7.4 % (the latter). 5 % around the
// range and 15 % as the spread between centres; counting has 0.5 %.
TEST(NemaPublished, InveonSensitivity) {
  const double narrow = 100 * nema_sensitivity("inveon", with(6e5)).cps_per_bq;
  EXPECT_GT(narrow, 0.95 * 5.75);
  EXPECT_LT(narrow, 1.05 * 7.2);
  const double wide = 100 * nema_sensitivity("inveon", with(6e5, 250, 750)).cps_per_bq;
  EXPECT_NEAR(wide / 7.4, 1, 0.15);
  EXPECT_GT(wide / narrow, 1.15);  // the same ratio was 1.29 at that centre
}

// Vision Quadra, line of 70 cm: 176 cps/kBq with all ring differences, 83 with 85 (Prenosil 2022,
// J Nucl Med 63:476); one set of parameters for both.
TEST(NemaPublished, QuadraSensitivityByRingDifference) {
  const double all = 1000 * nema_sensitivity("vision-quadra", with(3e5)).cps_per_bq;
  const double few = 1000 * nema_sensitivity("vision-quadra", with(6e5, -1, -1, 85)).cps_per_bq;
  EXPECT_NEAR(all / 176, 1, 0.10);
  EXPECT_NEAR(few / 83, 1, 0.10);
}

TEST(NemaPublished, OtherSmallAnimalScanners) {
  // Nagy 2013 8.41 %, Tai 2005 3.4 %, Pajak 2016 5.30 %: 15 %, as their windows are partly assumed
  EXPECT_NEAR(nema_sensitivity("nanoscan-pet-mri", with(3e5)).cps_per_bq / 0.0841, 1, 0.15);
  EXPECT_NEAR(nema_sensitivity("focus-220", with(6e5)).cps_per_bq / 0.034, 1, 0.15);
  EXPECT_NEAR(nema_sensitivity("albira", with(3e5)).cps_per_bq / 0.053, 1, 0.15);
}

// Mouse phantom, 350-650 keV: 5.7 % (Kemp 2009), 7.93 % with 350-750 keV at another centre. Ours is
// 6.8 %, between the two and 19 % above the first: docs/theory/photons.md says so.
TEST(NemaPublished, InveonMouseScatterFraction) {
  const auto s = nema_scatter_fraction("inveon", with(1e6));
  EXPECT_GT(s.nema, 0.057);
  EXPECT_LT(s.nema, 0.0793);
  EXPECT_GT(s.truth, s.nema);  // small angles stay in the strip
}

}  // namespace
