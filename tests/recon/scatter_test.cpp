#include "sojourn/recon/scatter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "recon/phantom.h"
#include "shared/message_of.h"

namespace {

using namespace sojourn;
using namespace sojourn::recon;

TEST(SingleScatter, AnglesAndEnergiesOfCompton) {
  EXPECT_NEAR(scattered_kev(1), 510.99895, 1e-9);
  EXPECT_NEAR(scattered_kev(0), 510.99895 / 2, 1e-9);
  EXPECT_NEAR(scattered_kev(-1), 510.99895 / 3, 1e-9);
  double all = 0;
  for (int i = 0; i < 20000; ++i) {
    const double cosine = -1 + 2 * (i + 0.5) / 20000;
    all += klein_nishina_per_sr(cosine) * 2 * std::numbers::pi * 2 / 20000;
  }
  EXPECT_NEAR(all, 1, 1e-4);
  // straight on: r_e^2 over the whole cross section, 2 pi r_e^2 (2 (4/3 - ln 3) + ln 3 / 2 - 4/9)
  const double whole = 2 * (4.0 / 3 - std::log(3)) + std::log(3) / 2 - 4.0 / 9;
  EXPECT_NEAR(klein_nishina_per_sr(1) * 2 * std::numbers::pi * whole, 1, 1e-3);
}

TEST(SingleScatter, OneScattererInClosedForm) {
  // A point of matter beside a row of activity: the sum has one term, which a pocket calculator
  // does.
  const auto grid = test::centred_grid({41, 41, 3}, 2);
  image::Volume<float> activity(grid), mu(grid);
  mu.at(20, 20, 1) = 0.0096F;                                // at (0, 0, 0)
  for (int i = 25; i <= 30; ++i) activity.at(i, 20, 1) = 3;  // x = 10 to 20 mm
  ScatterModel model;
  model.radius_mm = 80;
  model.half_length_mm = 20;
  model.rings = 1;
  model.angles = 24;
  const SingleScatter scatter(activity, mu, model);
  // A on +x: 6 voxels of 2 mm and 3 per mm^3; B at 180 - 30 degrees: scatter by 30 degrees
  const double path = 6 * 2 * 3, angle = std::numbers::pi / 6;
  const double e = scattered_kev(std::cos(angle));
  const auto counted = [](double kev) {
    return 0.5 *
           std::erfc((350 - kev) / (std::sqrt(2.0) * 0.15 * std::sqrt(510.99895 * kev) / 2.35482));
  };
  const double count = 8 * 0.0096 * klein_nishina_per_sr(std::cos(angle)) * counted(e) /
                       counted(510.99895) * path / std::pow(80, 4) / (2 * std::numbers::pi);
  const double length = 2 * 80 * std::cos(angle / 2);  // A to B
  const double walls = std::pow(std::cos(angle / 2), 2);
  const double expected = count * 2 * std::numbers::pi * length * length / walls;
  // both rays start in the plane of the scatterer and count its 2 mm; mu rises by a tenth
  const double lost = std::exp(-0.0096 * 2 * 2.1);
  EXPECT_NEAR(scatter.between(0, 10) / (expected * lost), 1, 0.01);
  EXPECT_NEAR(scatter.between(10, 0) / scatter.between(0, 10), 1, 1e-9);  // either way round
  EXPECT_NEAR(scatter.between(0, 14) / scatter.between(0, 10), 1, 1e-4);  // mirrored
  projector::Lor line{{80, 0, 0}, {0, 0, 0}};
  line.to_mm = {static_cast<float>(-80 * std::cos(angle)), static_cast<float>(80 * std::sin(angle)),
                0};
  EXPECT_NEAR(scatter.of(line) / scatter.between(0, 10), 1, 1e-3);  // on the virtual detectors
}

TEST(SingleScatter, TailFitExplainsTheCountsBesideTheSubject) {
  const auto grid = test::centred_grid({31, 31, 5}, 4);
  image::Volume<float> activity(grid), mu(grid);
  for (std::size_t i = 0; i < grid.voxels(); ++i) {
    const auto at = grid.index_of(i);
    if (std::hypot(at[0] - 15, at[1] - 15) < 8) {
      activity.values()[i] = 1;
      mu.values()[i] = 0.0096F;
    }
  }
  ScatterModel model;
  model.radius_mm = 90;
  model.half_length_mm = 10;
  const SingleScatter scatter(activity, mu, model);
  Acquisition a;
  a.lines = test::ring_lines(60, 5, 90, 4, 58);
  // every line counts 1.7 times what is simulated
  for (const auto& lor : a.lines) {
    a.measured.lines.lors.push_back(lor);
    a.measured.counts.push_back(static_cast<float>(1.7 * scatter.of(lor)));
  }
  EXPECT_NEAR(set_scatter(a, scatter, mu), 1.7, 1e-3);
  EXPECT_NEAR(a.scatter[100], a.measured.counts[100], 1e-3F * a.measured.counts[100]);
  a.tof = projector::TofResolution{5, 5, 3};
  EXPECT_NE(test::message_of([&] { (void)set_scatter(a, scatter, mu); }).find("time of flight"),
            std::string::npos);
}

}  // namespace
