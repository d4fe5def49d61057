#include "sojourn/dose/cluster_dose.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/message_of.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::dose;
namespace nuclide = sojourn::nuclide;

const CellShape kShape{5, 4};

TEST(ClusterDose, OneCellHasNoNeighbours) {
  const auto lines = electron_lines(nuclide::find("Zr-89"), 20);
  const auto one = cluster_dose(lines, kShape, 1);
  EXPECT_EQ(one.cross, 0);
  EXPECT_EQ(one.own, cell_s_values(lines, kShape).n_c);
  EXPECT_GT(cluster_dose(lines, kShape, 13).cross, 0);
}

TEST(ClusterDose, OfManyCellsIsThatOfAnEvenBall) {
  // betas do not see the lattice: 74 % of the space holds cells, one decay in each
  const auto lines = electron_lines(nuclide::find("F-18"), 20);
  const auto cluster = cluster_dose(lines, kShape, 5000);
  const double cell_ml = 4 * M_PI / 3 * 125e-12, packing = M_PI / (3 * std::sqrt(2.0));
  const double even =
      packing / cell_ml * nucleus_dose_from_around(lines, kShape, cluster.radius_um);
  // the ball starts at the cell's surface, the lattice's first gap is not even: 3 %
  EXPECT_NEAR(cluster.cross / even, 1, 0.03);
}

TEST(ClusterDose, AugerElectronsStayAtHome) {
  const auto beta = cluster_dose(electron_lines(nuclide::find("Y-90"), 20), kShape, 1000);
  const auto auger = cluster_dose(electron_lines(nuclide::find("In-111"), 20), kShape, 1000);
  EXPECT_GT(beta.cross / beta.own, 10 * auger.cross / auger.own);
  EXPECT_EQ(auger.unlabelled(0), 0);
  EXPECT_NEAR(auger.labelled(0.1), auger.own + 0.1 * auger.cross, 1e-15);
  // too short to leave the cell
  EXPECT_EQ(cluster_dose({{2, 1}}, kShape, 13).cross, 0);
}

TEST(ClusterDose, RefusesWhatIsNoCluster) {
  for (const int cells : {0, -3, 1000000})
    EXPECT_NE(sojourn::test::message_of([&] {
                (void)cluster_dose({{100, 1}}, kShape, cells);
              }),
              "");
}

}  // namespace
