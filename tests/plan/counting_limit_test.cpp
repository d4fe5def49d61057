#include "sojourn/plan/counting_limit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "shared/message_of.h"
#include "sojourn/catalogue/catalogue.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/plan/constants.h"

namespace {

using namespace sojourn;
using namespace sojourn::plan;

const catalogue::Scanner& mct() { return catalogue::scanner("biograph-mct"); }

TEST(CountingLimit, WithoutBackgroundIsTheConstantTimesCurrie) {
  // a scanner without lutetium and no background: L_D = k^2 times the noise constant, in counts
  auto scanner = mct();
  scanner.crystal = "BGO";
  const auto limit = counting_limit(scanner, nuclide::find("Zr-89"), {1, 1200, 0, 0});
  const double k = numerics::normal_quantile(0.95);
  EXPECT_NEAR(limit.own_counts, k * k * noise_constants().noise_constant, 1e-9);
  EXPECT_EQ(limit.limited_by, "counting");
  // counts: sensitivity of 18F carried by positrons, 20 min, decay within them 0.1 %
  const double counts = 10e-3 * 0.228 / 0.9673 * 1200;
  EXPECT_NEAR(limit.counts_per_bq / counts, 1, 2e-3);
  EXPECT_NEAR(limit.activity_bq * limit.counts_per_bq, limit.own_counts, 1e-9);
}

TEST(CountingLimit, AttenuationOfWaterIsNists) {
  // NIST XCOM via NISTIR 5632: 511 keV, 9.6e-3 1/mm; 140 keV, 1.54e-2 1/mm
  EXPECT_NEAR(water_attenuation_per_mm(511), 9.60e-3, 0.02e-3);
  EXPECT_NEAR(water_attenuation_per_mm(140), 1.54e-2, 0.02e-2);
  const Scene air{1, 600, 0, 0}, trunk{1, 600, 0, 300};
  const auto& zr = nuclide::find("Zr-89");
  EXPECT_NEAR(
      counting_limit(mct(), zr, trunk).counts_per_bq / counting_limit(mct(), zr, air).counts_per_bq,
      std::exp(-9.60e-3 * 300), 1e-3);
}

TEST(CountingLimit, LutetiumInCrystals) {
  // 176Lu in LSO: 277 to 300 Bq/mL are quoted by makers and papers
  EXPECT_NEAR(noise_constants().lso_bq_per_ml, 290, 15);
  const double rate = crystal_randoms_per_s(mct());
  EXPECT_GT(rate, 100);  // a scanner of 10 L of LSO: hundreds to thousands per second
  EXPECT_LT(rate, 5000);
  auto bgo = mct();
  bgo.crystal = "BGO";
  EXPECT_EQ(crystal_randoms_per_s(bgo), 0);
}

RC_GTEST_PROP(CountingLimitProperty, MoreTimeNeverHurtsMoreBackgroundNeverHelps, ()) {
  const auto& f18 = nuclide::find("Zr-89");
  const double minutes = *rc::gen::inRange(1, 60), volume = *rc::gen::inRange(1, 500) / 10.0,
               background = *rc::gen::inRange(0, 100000), size = *rc::gen::inRange(0, 400);
  const auto at = [&](double t, double b) {
    return counting_limit(mct(), f18, {volume, t * 60, b, size}).activity_bq;
  };
  RC_ASSERT(at(minutes + 1, background) < at(minutes, background));
  RC_ASSERT(at(minutes, background + 1000) > at(minutes, background));
}

TEST(CountingLimit, RefusesWhatTheScannerCannotSee) {
  const Scene scene;
  const auto of = [&](const char* scanner, const char* nuclide) {
    return test::message_of(
        [&] { (void)counting_limit(catalogue::scanner(scanner), nuclide::find(nuclide), scene); });
  };
  EXPECT_NE(of("biograph-mct", "Tc-99m").find("no positrons"), std::string::npos);
  EXPECT_NE(of("symbia-intevo", "In-111").find("collimator"), std::string::npos);  // 245 keV
  EXPECT_NE(of("ivis-bli", "F-18").find("no radionuclides"), std::string::npos);
  EXPECT_EQ(of("symbia-intevo", "Tc-99m"), "");
  EXPECT_EQ(of("symbia-intevo-megp", "In-111"), "");
}

TEST(CountingLimit, PositronRangeWidensTheImage) {
  const auto& inveon = catalogue::scanner("inveon");
  const double f18 = image_fwhm_mm(inveon, nuclide::find("F-18")),
               ga68 = image_fwhm_mm(inveon, nuclide::find("Ga-68"));
  EXPECT_GT(f18, inveon.get<catalogue::NuclearScanner>()->resolution_fwhm_mm->value);
  EXPECT_GT(ga68, f18 + 0.5);
}

}  // namespace
