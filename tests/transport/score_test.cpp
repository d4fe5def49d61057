#include "sojourn/transport/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace {

using namespace sojourn;
using namespace sojourn::transport;

struct Ball {
  VoxelGrid grid;
  std::vector<std::uint16_t> regions;  // 1 inside, 0 around
  std::vector<float> source;
};

Ball water_ball(double radius_mm, int n) {
  image::Geometry g;
  g.size = {n, n, n};
  const double step = 2 * radius_mm / n;
  g.spacing_mm = {step, step, step};
  g.origin_mm = {-radius_mm + step / 2, -radius_mm + step / 2, -radius_mm + step / 2};
  std::vector<std::uint8_t> media(g.voxels());
  std::vector<std::uint16_t> regions(g.voxels());
  std::vector<float> source(g.voxels());
  for (std::size_t i = 0; i < g.voxels(); ++i) {
    const auto v = g.index_of(i);
    const auto mm = g.to_mm({double(v[0]), double(v[1]), double(v[2])});
    const bool in = image::norm(mm) <= radius_mm;
    media[i] = in, regions[i] = in, source[i] = in ? 1.0F : 0.0F;
  }
  return {VoxelGrid(g, media), regions, source};
}

const std::vector<Medium> kMedia{{"vacuum", -1}, {"water", -1}};

TEST(Score, KeepsEnergyAndThreadsAgree) {
  const auto ball = water_ball(60, 40);
  const PhotonTables tables(kMedia);
  const SourceMap source(ball.grid.geometry(), ball.source);
  const auto lines = photon_lines("Y-86");
  const auto run = [&] {
    return score_photons(ball.grid, tables, ball.regions, 2, source, lines, 30000, 5);
  };
  const auto all = run();
  const core::ThreadLimit one(1);
  const auto single = run();
  EXPECT_EQ(all.kev_per_decay, single.kev_per_decay);
  EXPECT_EQ(all.sd, single.sd);
  EXPECT_EQ(all.kev_per_decay[0], 0);
  // what is emitted is given up or leaves; the lines drawn scatter around their mean energy
  EXPECT_NEAR((all.kev_per_decay[1] + all.escaped_kev_per_decay) / all.emitted_kev_per_decay, 1,
              0.01);
}

// A ball thin against the mean free path: nearly all photons meet at most once, so that the
// absorbed fraction is mu * transfer * mean chord from inside (3/4 of the radius), and a little
// more.
TEST(Score, SmallBallAbsorbsFirstCollisions) {
  const auto ball = water_ball(5, 40);
  const PhotonTables tables(kMedia);
  const SourceMap source(ball.grid.geometry(), ball.source);
  const std::vector<GammaLine> line{{511, 1}};
  const auto s = score_photons(ball.grid, tables, ball.regions, 2, source, line, 400000, 6);
  const auto water = material::mass_attenuation(material::find("water"), 511);
  const double transfer = 0.1 * (0.3445 * water.compton + water.photoelectric);
  const double first = transfer * 0.75 * 5;
  const double fraction = s.kev_per_decay[1] / 511;
  EXPECT_GT(fraction + 3 * s.sd[1] / 511, first * 0.97);  // 3 %: attenuation before the collision
  EXPECT_LT(fraction - 3 * s.sd[1] / 511, first * 1.05);  // 5 %: second collisions
}

TEST(Score, RefusesWhatDoesNotFit) {
  const auto ball = water_ball(10, 4);
  const PhotonTables tables(kMedia);
  const SourceMap source(ball.grid.geometry(), ball.source);
  const std::vector<GammaLine> line{{100, 1}};
  EXPECT_THROW(
      (void)score_photons(ball.grid, tables, std::vector<std::uint16_t>(3), 2, source, line, 10, 1),
      Error);
  EXPECT_THROW((void)score_photons(ball.grid, tables, ball.regions, 1, source, line, 10, 1), Error);
  EXPECT_THROW((void)score_photons(ball.grid, tables, ball.regions, 2, source, {}, 10, 1), Error);
}

}  // namespace
