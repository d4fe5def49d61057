#include "sojourn/material/material.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "shared/message_of.h"
#include "sojourn/core/error.h"
#include "sojourn/material/ct_number.h"

namespace {

using namespace sojourn;
using namespace sojourn::material;

double mu_per_cm(const char* name, double energy_kev) {
  return 10 * attenuation_per_mm(find(name), energy_kev);
}

// Narrow-beam attenuation at 511 keV as the literature of PET prints it; 1 % is its last digit.
TEST(MaterialPublished, AttenuatesAsPrintedAt511Kev) {
  const std::vector<std::pair<const char*, double>> printed{{"water", 0.0960},
                                                            {"cortical-bone", 0.1674},
                                                            {"LSO", 0.868},
                                                            {"LYSO", 0.818},
                                                            {"BGO", 0.963}};
  for (const auto& [name, mu] : printed) EXPECT_NEAR(mu_per_cm(name, 511) / mu, 1, 0.01) << name;
}

// Hubbell and Seltzer 1995 (NISTIR 5632), total mass attenuation with coherent scattering, cm2/g.
TEST(MaterialPublished, AgreesWithHubbellAndSeltzerInWater) {
  const std::vector<std::pair<double, double>> printed{
      {10, 5.329},     {30, 0.3756},    {60, 0.2059},    {100, 0.1707},
      {200, 0.1370},   {400, 0.1061},   {600, 0.08956},  {800, 0.07865},
      {1000, 0.07072}, {1500, 0.05754}, {2000, 0.04942}, {3000, 0.03969}};
  // 1.5 %: xraylib's tables of the scattering differ from theirs by this much at 10 keV
  for (const auto& [energy, value] : printed)
    EXPECT_NEAR(mass_attenuation(find("water"), energy).total() / value, 1,
                energy < 20 ? 0.015 : 0.005)
        << energy;
}

TEST(MaterialPublished, AgreesWithHubbellAndSeltzerInLead) {
  const std::vector<std::pair<double, double>> printed{
      {100, 5.549}, {200, 0.9985}, {500, 0.1614}, {800, 0.08870}, {1000, 0.07102}};
  for (const auto& [energy, value] : printed)
    EXPECT_NEAR(mass_attenuation(find("lead"), energy).total() / value, 1, 0.02) << energy;
  // above: Born pairs and a straight photoelectric line, as the header says
  EXPECT_NEAR(mass_attenuation(find("lead"), 2000).total() / 0.04606, 1, 0.08);
  EXPECT_NEAR(mass_attenuation(find("lead"), 3000).total() / 0.04234, 1, 0.09);
}

TEST(Material, HasNoSilentZeroAndNoStepAt800Kev) {
  for (const auto& name : known()) {
    const auto below = mass_attenuation(find(name), 799.9),
               above = mass_attenuation(find(name), 800.1);
    EXPECT_NEAR(above.compton / below.compton, 1, 1e-3) << name;
    EXPECT_NEAR(above.photoelectric / below.photoelectric, 1, 2e-3) << name;
    EXPECT_NEAR(above.rayleigh / below.rayleigh, 1, 2e-3) << name;
    EXPECT_GT(mass_attenuation(find(name), 3000).compton, 0) << name;
    EXPECT_EQ(mass_attenuation(find(name), 1021).pair, 0) << name;
    EXPECT_GT(mass_attenuation(find(name), 1100).pair, 0) << name;
  }
}

TEST(Material, PairExpansionsMeetAtFourElectronMasses) {
  const double k4 = 4 * kElectronKev;
  EXPECT_NEAR(pair_cm2(8, k4 * (1 - 1e-9)) / pair_cm2(8, k4 * (1 + 1e-9)), 1, 2e-3);
}

TEST(Material, KleinNishinaTendsToThomson) {
  EXPECT_NEAR(klein_nishina_cm2(1e-3) / 6.6524587e-25, 1, 1e-5);  // CODATA 2018, 8 pi r_e^2 / 3
  EXPECT_NEAR(klein_nishina_cm2(0.510) / klein_nishina_cm2(0.512), 1, 1e-4);  // the forms meet
}

TEST(Material, ScatteringFunctionsHaveTheirLimits) {
  EXPECT_EQ(incoherent_function(8, 0), 0);
  EXPECT_NEAR(incoherent_function(8, 50), 8, 1e-3);
  EXPECT_EQ(form_factor(8, 0), 8);
  EXPECT_NEAR(form_factor(8, 1.001e-3), 8, 1e-3);
  EXPECT_NEAR(incoherent_function(8, 0.999e-3) / incoherent_function(8, 1.001e-3), 1, 0.01);
  EXPECT_LT(form_factor(8, 10), 0.01);
}

TEST(Material, NamesAndRange) {
  EXPECT_EQ(find("lso").name, "LSO");
  EXPECT_EQ(find("Spongiosa").name, "trabecular-bone");
  EXPECT_NE(test::message_of([] { (void)find("watr"); }).find("did you mean \"water\""),
            std::string::npos);
  EXPECT_THROW((void)mass_attenuation(find("water"), 0.5), Error);
  EXPECT_THROW((void)mass_attenuation(find("water"), 3001), Error);
  EXPECT_THROW((void)parts_of_formula("Xx2"), Error);
}

TEST(CtNumber, AnchorsOfAirAndWater) {
  EXPECT_EQ(attenuation_511_per_mm(-1000), 0);
  EXPECT_NEAR(attenuation_511_per_mm(0), 0.0096, 1e-9);
  EXPECT_NEAR(density_g_per_ml(-1000), 0.00121, 1e-9);
  EXPECT_NEAR(density_g_per_ml(0), 1.018, 1e-3);    // Schneider's line for soft tissue
  EXPECT_NEAR(density_g_per_ml(1524), 1.92, 5e-3);  // cortical bone of the same paper
  EXPECT_THROW((void)attenuation_511_per_mm(0, 90), Error);
}

TEST(CtNumber, BilinearAndStoichiometricAgree) {
  for (const double hu : {-700.0, -100.0, 0.0, 40.0, 300.0, 900.0, 1500.0}) {
    const auto& m = find(tissue_classes()[tissue_class_of(hu)].material);
    const double by_tissue = mass_attenuation(m, 511).total() * density_g_per_ml(hu) / 10;
    // 6 %: the lines are fits to different sets of tissues
    EXPECT_NEAR(by_tissue / attenuation_511_per_mm(hu), 1, 0.06) << hu;
  }
}

TEST(CtNumber, LinesMeetAtTheirBreak) {
  for (const double kv : {80.0, 100.0, 110.0, 120.0, 130.0, 140.0})
    for (double hu = 20; hu < 60; hu += 1)
      EXPECT_NEAR(attenuation_511_per_mm(hu + 1, kv) / attenuation_511_per_mm(hu, kv), 1, 6e-3)
          << kv;
}

}  // namespace
