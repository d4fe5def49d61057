// Voxel S values of 177Lu in soft tissue, 3 mm, against those of Lanconelli et al., Phys Med Biol
// 57 (2012) 517 (DOSXYZnrc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "shared/shared_data.h"
#include "sojourn/core/files.h"
#include "sojourn/dose/voxel_kernel.h"

namespace {

using namespace sojourn::dose;

TEST(VoxelSValues, OfLu177AgreeWithLanconelli) {
  SOJOURN_NEEDS_SHARED(file, "data/dosimetry/mgh_voxel_svalues/177Lu3mmsoft.txt");
  // soft tissue of 1.04 g/mL is water with all lengths 1.04 times as long
  constexpr double kDensity = 1.04, kSpacing_mm = 3;
  const NuclideKernel kernel(sojourn::nuclide::find("Lu-177"), 200000, 10000, 1);
  const double water_mm = kSpacing_mm * kDensity;
  const auto k = voxel_kernel(kernel, {water_mm, water_mm, water_mm}, {6, 6, 6}, 200000, 1);
  const double unit = 1.602176634e-16 / (0.027 * kDensity * 1e-3) * 1e9;  // mGy/(MBq s) of 1 keV
  std::istringstream in(sojourn::core::read_file(file));
  std::string line;
  int compared = 0;
  double self_here = 0, self_there = 0, near_here = 0, near_there = 0;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    int x = 0, y = 0, z = 0;
    double there = 0;
    if (!(words >> x >> y >> z >> there) || x + y + z > 6) continue;
    const auto at = static_cast<std::size_t>(((z + 6) * 13 + y + 6) * 13 + x + 6);
    const double here = unit * static_cast<double>(k.electrons[at] + k.photons[at]);
    const int copies = (x > 0 ? 2 : 1) * (y > 0 ? 2 : 1) * (z > 0 ? 2 : 1);
    if (std::max({x, y, z}) <= 2) {
      near_here += copies * here;
      near_there += copies * there;
    }
    if (x + y + z == 0) {
      self_here = here;
      self_there = there;
    } else {
      // the first neighbours depend on the spectrum's end, those further out on the yields of the
      // photons (0.104 per decay at 208 keV here, 0.110 in ICRP-107) and on 3 % of drawing
      EXPECT_NEAR(here / there, 1, 0.12) << x << " " << y << " " << z;
    }
    ++compared;
  }
  EXPECT_GE(compared, 10);
  // they emit 7 % less electron energy per decay (139 keV stay within two voxels, 149 here, and
  // ICRP-107 has 148); of what is emitted, the same part stays
  EXPECT_NEAR(self_here / near_here * near_there / self_there, 1, 0.03);
}

}  // namespace
