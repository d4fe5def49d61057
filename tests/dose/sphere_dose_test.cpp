#include "sojourn/dose/sphere_dose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "shared/message_of.h"

namespace {

using namespace sojourn::dose;
namespace nuclide = sojourn::nuclide;

const NuclideKernel& kernel(const std::string& name) {
  static std::map<std::string, NuclideKernel> all;
  const auto at = all.find(name);
  if (at != all.end()) return at->second;
  return all.emplace(name, NuclideKernel(nuclide::find(name), 20000, 2000, 1)).first->second;
}

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

TEST(NuclideKernel, HoldsTheEnergyOfTheDecay) {
  for (const char* name : {"F-18", "Zr-89", "In-111"}) {
    const auto& k = kernel(name);
    EXPECT_NEAR(sum(k.photons_kev()) / k.photon_energy_kev(), 1, 1e-3) << name;
    // bremsstrahlung leaves: under 0.5 % of betas of these energies
    EXPECT_LE(sum(k.electrons_kev()), k.electron_energy_kev() * (1 + 1e-9)) << name;
    EXPECT_GT(sum(k.electrons_kev()), 0.994 * k.electron_energy_kev()) << name;
  }
}

TEST(SphereDose, ASmallSphereAbsorbsPhotonsAsTheEnergyAbsorptionCoefficientSays) {
  // mean chord from a point inside to the surface: 3/4 R; 511 keV in water: mu_en 0.0330 cm2/g
  // (Hubbell and Seltzer 1995); scatter from outside the first flight adds a few per cent
  const auto d = sphere_dose(kernel("F-18"), 1);
  const double first = 0.00330 * 0.75 * d.radius_mm;
  EXPECT_GT(d.photon_fraction, 0.97 * first);
  EXPECT_LT(d.photon_fraction, 1.10 * first);
}

TEST(SphereDose, GrowsTowardsTheWholeEnergy) {
  double before = 0;
  for (const double mass : {0.1, 1.0, 10.0, 100.0, 1000.0, 1e5}) {
    const auto d = sphere_dose(kernel("Zr-89"), mass);
    const double absorbed = d.mgy_per_mbq_h * mass;
    EXPECT_GT(absorbed, before);
    before = absorbed;
    EXPECT_LT(d.mgy_per_mbq_h_se, 0.03 * d.mgy_per_mbq_h);
  }
  EXPECT_GT(sphere_dose(kernel("F-18"), 0.1).electron_fraction, 0.8);
  EXPECT_GT(sphere_dose(kernel("F-18"), 1000).electron_fraction, 0.99);
}

TEST(SphereDose, DoseIsEnergyOverMass) {
  const auto d = sphere_dose(kernel("F-18"), 310);
  const double kev = d.electron_fraction * kernel("F-18").electron_energy_kev() +
                     d.photon_fraction * kernel("F-18").photon_energy_kev();
  EXPECT_NEAR(d.mgy_per_mbq_h, kev * 1.602176634e-16 / 0.310 * 3600 * 1e9, 1e-9);
}

TEST(SphereDose, RefusesWhatIsNoSphere) {
  for (const double mass : {0.0, -1.0, std::nan(""), 1e9})
    EXPECT_NE(sojourn::test::message_of([&] { (void)sphere_dose(kernel("F-18"), mass); }), "");
}

}  // namespace
