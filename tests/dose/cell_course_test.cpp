#include "sojourn/dose/cell_course.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/message_of.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::dose;
namespace nuclide = sojourn::nuclide;

constexpr double kDay = 86400;
const CellShape kShape{5, 4};

std::vector<ElectronLine> lines() { return electron_lines(nuclide::find("Zr-89")); }

TEST(CellCourse, DecaysAreTheIntegralOfTheActivity) {
  LabelledCell cell{0.037, 78.41 * 3600, CellPart::cytoplasm, 0.05 / kDay, 2 * kDay};
  // by plain summation
  const double k = std::log(2) / cell.half_life_s + cell.efflux_per_s + std::log(2) / (2 * kDay);
  double sum = 0;
  for (int i = 0; i < 7000; ++i)
    sum += 0.037 * std::exp(-k * (i + 0.5) * kDay / 1000) * kDay / 1000;
  EXPECT_NEAR(decays_until(cell, 7 * kDay) / sum, 1, 1e-6);
  // no loss at all: all of the decays
  EXPECT_NEAR(decays_until({1, 100, CellPart::cell}, 1e6), 100 / std::log(2), 1e-9);
}

TEST(CellCourse, OwnDoseIsDecaysTimesTheSValue) {
  const LabelledCell cell{0.02, 78.41 * 3600, CellPart::surface};
  const auto doses = nucleus_dose(lines(), kShape, cell, {}, {0, kDay, 3 * kDay});
  EXPECT_EQ(doses[0].total(), 0);
  const double s = cell_s_values(lines(), kShape).n_cs;
  EXPECT_NEAR(doses[2].own, s * decays_until(cell, 3 * kDay), 1e-15);
  EXPECT_EQ(doses[2].around, 0);
}

TEST(CellCourse, DivisionSparesAndTubeAdds) {
  LabelledCell cell{0.037, 78.41 * 3600, CellPart::cytoplasm};
  const auto whole = nucleus_dose(lines(), kShape, cell, {}, {7 * kDay})[0];
  cell.doubling_s = kDay;
  const auto divided = nucleus_dose(lines(), kShape, cell, {}, {7 * kDay})[0];
  EXPECT_LT(divided.own, 0.4 * whole.own);
  const auto tube = nucleus_dose(lines(), kShape, cell, {3600, 1, 1e7, 0}, {7 * kDay})[0];
  EXPECT_EQ(tube.own, divided.own);
  EXPECT_GT(tube.around, 0);
  // 37 mBq * 1e7/mL = 0.37 MBq/mL for an hour, 101 keV of electrons each: at most 21 mGy, less the
  // edge of a ball of 6 mm
  EXPECT_LT(tube.around, 0.37e6 * 3600 * 101 * 1.602e-16 / 1e-3);
  EXPECT_GT(tube.around, 0.8 * 0.37e6 * 3600 * 101 * 1.602e-16 / 1e-3);
  // the stay counts as long as it lasts
  const auto early = nucleus_dose(lines(), kShape, cell, {3600, 1, 1e7, 0}, {1800})[0];
  EXPECT_NEAR(early.around / tube.around, 0.5, 0.01);
}

TEST(CellCourse, PhotonsInTheTubeAddToTheElectrons) {
  // 18F in a ball of 1 mL (6.2 mm): mean path 3/4 R in water, mu_en 0.0033/mm at 511 keV (Hubbell
  // and Seltzer 1995), 989 keV per decay; what the water around scatters back adds some per cent
  const double f18 = tube_photons_gy(NuclideKernel(nuclide::find("F-18"), 50000, 100, 1), 1);
  const double first = 0.0033 * 0.75 * 6.2 * 989 * 1.602e-16 / 1e-3;
  EXPECT_GT(f18 / first, 0.97);
  EXPECT_LT(f18 / first, 1.10);
  // a fifth of the electrons for 89Zr, whose 15 keV X-rays stay too
  const double zr89 = tube_photons_gy(NuclideKernel(nuclide::find("Zr-89"), 20000, 100, 1), 1);
  const double electrons =
      nucleus_dose_from_around(lines(), kShape, 6204) * mean_over_middle(lines(), 6204);
  EXPECT_GT(zr89, 0.15 * electrons);
  EXPECT_LT(zr89, 0.3 * electrons);
}

TEST(CellCourse, RefusesWhatCannotBe) {
  const LabelledCell good{0.037, 1e5, CellPart::cell};
  const auto message = [&](const LabelledCell& c, const TubeStay& t, double time) {
    return sojourn::test::message_of([&] { (void)nucleus_dose({{100, 1}}, kShape, c, t, {time}); });
  };
  EXPECT_EQ(message(good, {}, 1), "");
  EXPECT_NE(message({-1, 1e5, CellPart::cell}, {}, 1), "");
  EXPECT_NE(message({1, 0, CellPart::cell}, {}, 1), "");
  EXPECT_NE(message(good, {}, -1), "");
  EXPECT_NE(message(good, {60, 0, 1e6, 0}, 1), "");
  EXPECT_NE(message(good, {60, 1, 3e9, 0}, 1).find("do not fit"), std::string::npos);
}

}  // namespace
