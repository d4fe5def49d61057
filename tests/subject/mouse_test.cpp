#include <gtest/gtest.h>

#include <numbers>

#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/tsv.h"
#include "sojourn/subject/lattice.h"

namespace {

using namespace sojourn;
using namespace sojourn::subject;

const Lattice& fine() {
  static const Lattice lattice(mouse(), mouse_box_mm(), 0.125);
  return lattice;
}

double volume_of(const std::string& region) {
  const PerOrgan all = fine().volumes_ml();
  double volume = 0;
  for (std::size_t i = 1; i < kOrgans; ++i) {
    const std::string& name = facts(static_cast<Organ>(i)).name;
    const bool skeleton = region == "skeleton" && (name == "bone" || name == "marrow");
    if (name == region || region == "body" || skeleton) volume += all[i];
  }
  return volume;
}

TEST(Mouse, OrgansHaveThePublishedVolumes) {
  const auto file = core::data_dir() / "subject" / "mouse_organs_1997" / "organs.tsv";
  const auto table = core::Tsv::parse(core::read_file(file), "organs.tsv");
  ASSERT_GE(table.rows(), 8U);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double wanted = table.number(row, "volume_ml").value();
    // 10 %: animals of one strain and mass differ by more.
    EXPECT_NEAR(volume_of(table.at(row, "region")), wanted, 0.1 * wanted)
        << table.at(row, "region");
  }
}

TEST(Mouse, SmallTargetsKeepTheirSphere) {
  const auto sphere = [](double r) { return 4.0 / 3 * std::numbers::pi * r * r * r / 1000; };
  // 2 %: a sphere of 1 mm counted in points 0.125 mm apart; a cut by another part would show.
  EXPECT_NEAR(volume_of("tumour"), sphere(3), 0.02 * sphere(3));
  EXPECT_NEAR(volume_of("lymph_node_inguinal_left"), sphere(1), 0.02 * sphere(1));
  EXPECT_NEAR(volume_of("lymph_node_mesenteric"), sphere(1.1), 0.02 * sphere(1.1));
  EXPECT_NEAR(volume_of("bladder"), sphere(3.3), 0.02 * sphere(3.3));
}

TEST(Mouse, LiesInsideItsBox) {
  const auto box = mouse_box_mm();
  for (const Part& part : mouse()) {
    const auto corners = bounds(part.solid);
    for (std::size_t a = 0; a < 3; ++a) {
      EXPECT_GT(corners[0][a], box[0][a] + 2);  // 4 sigma of a 1.15 mm blur
      EXPECT_LT(corners[1][a], box[1][a] - 2);
    }
  }
}

TEST(Lattice, AveragesKeepSumsAndLabelsKeepVolumes) {
  PerOrgan value{};
  double expected = 0;
  for (std::size_t i = 1; i < kOrgans; ++i) value[i] = static_cast<double>(i);
  const PerOrgan volume = fine().volumes_ml();
  for (std::size_t i = 1; i < kOrgans; ++i) expected += value[i] * volume[i];
  const auto mean = fine().average(value, 4);
  double sum = 0;
  for (const float one : mean.values()) sum += one;
  EXPECT_NEAR(sum * mean.geometry().voxel_ml(), expected, 1e-5 * expected);  // float rounding

  std::array<int, kOrgans> label{};
  for (std::size_t i = 0; i < kOrgans; ++i) label[i] = static_cast<int>(i);
  const auto labels = fine().labels(label, 2);
  std::array<std::size_t, kOrgans> counts{};
  for (const int one : labels.values()) ++counts[static_cast<std::size_t>(one)];
  for (const Organ organ : {Organ::liver, Organ::spleen, Organ::lymph_node_axillary_left}) {
    const double ml = static_cast<double>(counts[index_of(organ)]) * labels.geometry().voxel_ml();
    EXPECT_NEAR(ml, volume[index_of(organ)], 0.04 * volume[index_of(organ)])  // hard edges, 0.25 mm
        << facts(organ).name;
  }
}

TEST(Lattice, SameForAnyNumberOfThreads) {
  const auto make = [] { return Lattice(mouse(), mouse_box_mm(), 0.5).organs().values(); };
  const auto many = make();
  const core::ThreadLimit one(1);
  EXPECT_EQ(make(), many);
}

}  // namespace
