#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/simulate/activity_map.h"
#include "sojourn/simulate/source_table.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

const subject::Subject& mouse() {
  static const auto s = subject::load_subject("mouse");
  return s;
}

const subject::Voxels& voxels() {
  static const auto v = subject::voxelise(mouse(), {{1, 1, 1}, 3, 2});
  return v;
}

double total(const image::Volume<float>& map) {
  double sum = 0;
  for (const float value : map.values()) sum += static_cast<double>(value);
  return sum * map.geometry().voxel_ml();
}

TEST(SourceTable, MeansOfAFrameAreExact) {
  const auto table = parse_source_table(
      "hours\torgan\tactivity_dc_bq\n0\tliver\t100\n2\tliver\t300\n0\tspleen\t50\n2\tspleen\t50\n",
      "source.tsv");
  // Without decay: the line's value in the middle of the frame.
  auto bq = frame_activity(table, mouse(), 1800, 3600, 0);
  EXPECT_NEAR(bq[mouse().index_of("liver")], 200, 1e-9);
  EXPECT_NEAR(bq[mouse().index_of("spleen")], 50, 1e-9);
  // With decay, against a fine sum; both branches of the integral.
  for (const double half_life_s : {600.0, 3e5, 3e9}) {
    bq = frame_activity(table, mouse(), 1800, 3600, half_life_s);
    const double lambda = std::log(2.0) / half_life_s;
    double sum = 0;
    constexpr int kSteps = 20000;
    for (int i = 0; i < kSteps; ++i) {
      const double t = 1800 + (i + 0.5) * 3600 / kSteps;
      sum += (100 + 200 * t / 7200) * std::exp(-lambda * t) / kSteps;
    }
    EXPECT_NEAR(bq[mouse().index_of("liver")], sum, 1e-6 * sum) << half_life_s;
  }
}

TEST(SourceTable, MistakesAreNamed) {
  const auto message = [](const std::string& rows) -> std::string {
    try {
      const auto table = parse_source_table("hours\torgan\tactivity_dc_bq\n" + rows, "s.tsv");
      (void)frame_activity(table, mouse(), 0, 3600, 0);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(message("").find("no rows"), std::string::npos);
  EXPECT_NE(message("0\tliver\t-1\n").find("negative"), std::string::npos);
  EXPECT_NE(message("0\tliver\t1\n0\tliver\t1\n").find("twice"), std::string::npos);
  EXPECT_NE(message("0\tliver\t1\n1\tspleen\t1\n").find("lacks"), std::string::npos);
  EXPECT_NE(message("0\tliver\t1\n0.5\tliver\t1\n").find("outside"), std::string::npos);
  EXPECT_NE(message("0\tlivre\t1\n1\tlivre\t1\n").find("liver"), std::string::npos);
}

RC_GTEST_PROP(ActivityMap, KeepsTheActivityOfEveryOrgan, ()) {
  std::vector<double> bq(mouse().organs.size(), 0.0);
  for (const char* organ : {"liver", "spleen", "marrow", "blood", "gut", "rest", "lymph-node"})
    bq[mouse().index_of(organ)] = *rc::gen::inRange(1, 1000);
  const double wanted = std::accumulate(bq.begin(), bq.end(), 0.0);
  const Texture texture{*rc::gen::inRange(0, 9) / 10.0, 2, 3};
  const auto map = activity_map(voxels(), mouse(), bq, texture);
  RC_ASSERT(std::abs(total(map) - wanted) < 1e-4 * wanted);
}

TEST(ActivityMap, TextureHasTheStatedSpread) {
  std::vector<double> bq(mouse().organs.size(), 0.0);
  const std::size_t rest = mouse().index_of("rest");
  bq[rest] = 1e4;
  const auto map = activity_map(voxels(), mouse(), bq, {0.3, 2, 11});
  double n = 0, sum = 0, sum2 = 0;
  for (std::size_t v = 0; v < map.values().size(); ++v) {
    for (const auto& fill : voxels().fills(v)) {
      if (fill.organ != rest || fill.fraction < 0.999F) continue;
      const auto value = static_cast<double>(map.values()[v]);
      n += 1, sum += value, sum2 += value * value;
    }
  }
  const double sd = std::sqrt(sum2 / n - sum / n * (sum / n)) / (sum / n);
  EXPECT_NEAR(sd, 0.3, 0.03);  // some 1500 independent patches
}

TEST(Paths, CellsStayInTheirOrganAndKeepTheirActivity) {
  const std::size_t liver = mouse().index_of("liver");
  Path path = wander(voxels(), liver, {0.02, 5, 0.8}, 100, 600, 4);
  EXPECT_EQ(path.mm.size(), 121U);
  double moved = 0;
  for (std::size_t i = 0; i < path.mm.size(); ++i) {
    const auto v = voxels().geometry().to_voxel(path.mm[i]);
    double part = 0;
    for (const auto& fill : voxels().fills(voxels().geometry().offset(
             int(std::lround(v[0])), int(std::lround(v[1])), int(std::lround(v[2])))))
      if (fill.organ == liver) part = static_cast<double>(fill.fraction);
    EXPECT_GE(part, 0.5);
    if (i > 0)
      moved += std::hypot(path.mm[i][0] - path.mm[i - 1][0], path.mm[i][1] - path.mm[i - 1][1],
                          path.mm[i][2] - path.mm[i - 1][2]);
  }
  EXPECT_GT(moved, 0.9 * 0.02 * 600);  // it may stand still for a step at a wall
  EXPECT_LE(moved, 0.02 * 600 + 1e-9);
  path.activity_bq = 3;
  image::Volume<float> map(voxels().geometry());
  EXPECT_NEAR(add_paths(map, {path}, 100, 600), 3, 1e-9);
  EXPECT_NEAR(total(map), 3, 1e-5);
}

RC_GTEST_PROP(Paths, APointKeepsItsCentre, ()) {
  image::Volume<float> map(voxels().geometry());
  const auto coordinate = [] { return *rc::gen::inRange(-800, 800) / 100.0; };
  Path path{{0}, {{coordinate(), coordinate(), coordinate()}}, 7};
  RC_ASSERT(std::abs(add_paths(map, {path}, 0, 10) - 7) < 1e-9);
  image::Vec3 mean{};
  for (std::size_t v = 0; v < map.values().size(); ++v) {
    if (map.values()[v] == 0) continue;
    const auto i = map.geometry().index_of(v);
    const auto mm = map.geometry().to_mm({double(i[0]), double(i[1]), double(i[2])});
    for (std::size_t a = 0; a < 3; ++a)
      mean[a] += mm[a] * static_cast<double>(map.values()[v]) * map.geometry().voxel_ml() / 7;
  }
  for (std::size_t a = 0; a < 3; ++a) RC_ASSERT(std::abs(mean[a] - path.mm[0][a]) < 1e-4);
}

}  // namespace
