#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/subject/voxels.h"

namespace {

using namespace sojourn;
using namespace sojourn::subject;

const std::map<std::string, double> kVoxel_mm{
    {"adult-male", 4}, {"adult-female", 4}, {"macaque", 1.5}, {"rat", 0.8}, {"mouse", 0.35}};

VoxelOptions at(double mm, int lines) { return {{mm, mm, mm}, 0, lines}; }

class Phantom : public testing::TestWithParam<std::string> {};

TEST_P(Phantom, OrgansHaveTheirReferenceMass) {
  const Subject s = load_subject(GetParam());
  const Voxels voxels = voxelise(s, at(kVoxel_mm.at(s.id), 4));
  refuse_overlaps(s, voxels);
  const auto masses = masses_g(s, voxels);
  int checked = 0;
  for (std::size_t i = 0; i < masses.size(); ++i) {
    const BodyOrgan& organ = s.organs[i];
    if (organ.shapes.empty() || !organ.reference_mass_g) continue;
    // 2 %: what the phantoms promise.
    EXPECT_NEAR(masses[i] / *organ.reference_mass_g, 1, 0.02) << organ.id;
    ++checked;
  }
  EXPECT_GE(checked, 7);
  // 1 %: the report's body is 73.7 kg, its solids weigh 73.0 kg.
  EXPECT_NEAR(std::accumulate(masses.begin(), masses.end(), 0.0) / s.body_mass_g, 1, 0.01);
}

TEST_P(Phantom, HasTheOrgansThatCellsAndLabelReach) {
  const Subject s = load_subject(GetParam());
  for (const char* id :
       {"blood",      "lung",   "liver",           "spleen",   "marrow", "bone",     "lymph-node",
        "gut",        "kidney", "bladder",         "rest",     "heart",  "brain",    "thyroid",
        "stomach",    "colon",  "small-intestine", "pancreas", "gonads", "adrenals", "thymus",
        "oesophagus", "skin",   "salivary-glands"}) {
    EXPECT_TRUE(s.find(id)) << id;
  }
  for (const BodyOrgan& organ : s.organs) {
    EXPECT_NE(organ.shapes.empty(), organ.spread.empty()) << organ.id;
    EXPECT_TRUE(organ.tissue == "soft-tissue" || organ.tissue == "lung" ||
                organ.tissue == "skeleton");
  }
}

TEST_P(Phantom, LiesWithTheLiverOnItsRightAndTheHeadUp) {
  const Subject s = load_subject(GetParam());
  const auto middle = [&](const char* id) {
    Subject one = s;
    one.organs = {s.organs[s.index_of(id)]};
    const auto box = bounds(one);
    return image::Vec3{(box[0][0] + box[1][0]) / 2, (box[0][1] + box[1][1]) / 2,
                       (box[0][2] + box[1][2]) / 2};
  };
  EXPECT_GT(middle("brain")[2], middle("heart")[2]);
  EXPECT_GT(middle("heart")[2], middle("bladder")[2]);
  EXPECT_GT(middle("spleen")[0], 0);  // LPS: +x is left
  EXPECT_LT(middle("bladder")[1], middle("kidney")[1]);
}

INSTANTIATE_TEST_SUITE_P(All, Phantom, testing::ValuesIn(subject_ids()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(Phantoms, CiteKnownWorks) {
  std::string known;
  for (const auto& file :
       std::filesystem::directory_iterator(core::data_dir() / "references" / "references_2026"))
    if (file.path().extension() == ".toml") known += core::read_file(file.path());
  for (const auto& id : subject_ids()) {
    const Subject s = load_subject(id);
    EXPECT_FALSE(s.citations.empty());
    for (const auto& key : s.citations)
      EXPECT_NE(known.find("key = \"" + key + "\""), std::string::npos) << id << ": " << key;
  }
}

TEST(Phantoms, AllHaveAVoxelInThisTest) {
  for (const auto& id : subject_ids()) EXPECT_EQ(kVoxel_mm.count(id), 1U) << id;
}

Subject small() {
  return parse_subject(R"(
id = "box"
name = "box"
species = "mouse"
sex = "female"
body_mass_g = 8
[[organ]]
id = "rest"
tissue = "soft-tissue"
density_g_per_ml = 1
solids = [{shape = "box", center_mm = [0, 0, 0], half_mm = [10, 10, 10]}]
[[organ]]
id = "liver"
tissue = "soft-tissue"
density_g_per_ml = 1
layer = 1
solids = [{shape = "ellipsoid", center_mm = [-3, 1, 0], semi_mm = [4, 5, 3]}]
[[organ]]
id = "blood"
tissue = "soft-tissue"
density_g_per_ml = 1
[organ.spread]
rest = 3
liver = 1
)",
                       "small.toml");
}

RC_GTEST_PROP(Voxels, KeepVolumeAndActivityOnAnyGrid, ()) {
  const Subject s = small();
  const double mm = *rc::gen::inRange(40, 300) / 100.0;
  const Voxels voxels = voxelise(s, at(mm, *rc::gen::inRange(1, 5)));
  const std::vector<double> bq{1000.0 * *rc::gen::inRange(0, 50), 500, 70};
  const auto map = voxels.concentration(s, bq);
  double sum = 0;
  for (const float value : map.values()) sum += static_cast<double>(value);
  // Rounding of 1e5 floats.
  const double total = bq[0] + bq[1] + bq[2];
  RC_ASSERT(std::abs(sum * map.geometry().voxel_ml() - total) < 1e-5 * total);
  double filled = 0;
  for (std::size_t v = 0; v < map.values().size(); ++v) {
    double here = 0;
    for (const Fill& fill : voxels.fills(v)) here += static_cast<double>(fill.fraction);
    RC_ASSERT(here < 1 + 1e-5);
    filled += here;
  }
  // Faces of the box fall between the lines along y and z: half a line's spacing on each side.
  RC_ASSERT(std::abs(filled * map.geometry().voxel_ml() - 8) < 8 * 4 * mm / 20);
}

RC_GTEST_PROP(Voxels, MoveWithTheSubject, ()) {
  const Subject s = small();
  Subject moved = s;
  const image::Vec3 shift{*rc::gen::inRange(-5, 5) * 2.0, *rc::gen::inRange(-5, 5) * 2.0,
                          *rc::gen::inRange(-5, 5) * 2.0};
  for (BodyOrgan& organ : moved.organs)
    for (Shape& shape : organ.shapes) shape = rescaled(shape, {0, 0, 0}, 1, shift);
  const Voxels a = voxelise(s, at(2, 3)), b = voxelise(moved, at(2, 3));
  RC_ASSERT(a.geometry().size == b.geometry().size);
  for (std::size_t v = 0; v < a.geometry().voxels(); ++v) {
    RC_ASSERT(a.fills(v).size() == b.fills(v).size());
    for (std::size_t f = 0; f < a.fills(v).size(); ++f)
      RC_ASSERT(std::abs(a.fills(v)[f].fraction - b.fills(v)[f].fraction) < 1e-5F);
  }
}

TEST(Voxels, FillsAreExactForABall) {
  const Voxels voxels = voxelise(small(), at(0.5, 4));
  const double ball = 4.0 / 3 * std::acos(-1.0) * 4 * 5 * 3 / 1000;
  EXPECT_NEAR(voxels.volumes_ml()[1], ball, 1e-3 * ball);
  EXPECT_NEAR(voxels.volumes_ml()[0], 8 - ball, 1e-3 * 8);
  const auto labels = voxels.labels();
  EXPECT_EQ(labels.at(0, 0, 0), 1);
  EXPECT_EQ(labels.at(14, 22, 20), 2);  // (-2.75, 1.25, 0.25) mm
}

TEST(Voxels, SameForAnyNumberOfThreads) {
  const auto make = [] { return voxelise(load_subject("mouse"), at(1, 2)).labels().values(); };
  const auto many = make();
  const core::ThreadLimit one(1);
  EXPECT_EQ(make(), many);
}

TEST(Voxels, OverlapOfOneLayerIsRefused) {
  Subject s = small();
  s.organs[1].layer = 0;
  const Voxels voxels = voxelise(s, at(0.5, 4));
  ASSERT_EQ(voxels.overlaps().size(), 1U);
  EXPECT_NEAR(voxels.overlaps()[0].volume_ml, 0.2513, 0.001);
  try {
    refuse_overlaps(s, voxels);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("rest and liver share"), std::string::npos) << e.what();
  }
}

TEST(Subject, ScalesAndTakesTumours) {
  const Subject s = with_tumours(scaled(small(), 64), {{"tumour", {5, 5, 5}, {2, 2, 2}, 1.04}});
  const Voxels voxels = voxelise(s, at(0.5, 4));
  const auto masses = masses_g(s, voxels);
  EXPECT_NEAR(masses[0] + masses[1] + voxels.volumes_ml()[3], 64, 0.1);
  EXPECT_NEAR(voxels.volumes_ml()[3], 0.03351, 2e-4);
  EXPECT_THROW((void)with_tumours(small(), {{"liver", {0, 0, 0}, {1, 1, 1}, 1}}), Error);
  EXPECT_THROW((void)scaled(small(), 0), Error);
  const auto grown = resized(small(), "liver", 2);
  EXPECT_NEAR(voxelise(grown, at(0.5, 4)).volumes_ml()[1], 2 * 0.25133, 2e-3);
}

TEST(Subject, MistakesAreNamed) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      (void)parse_subject(text, "s.toml");
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  const std::string head =
      "id='a'\nname='a'\nspecies='mouse'\nsex='male'\nbody_mass_g=1\n[[organ]]\nid='liver'\n"
      "tissue='soft-tissue'\ndensity_g_per_ml=1\n";
  EXPECT_NE(message(head).find("needs solids"), std::string::npos);
  EXPECT_NE(message(head + "solids=[{shape='elipsoid'}]").find("ellipsoid"), std::string::npos);
  EXPECT_NE(message(head + "solids=[{shape='ellipsoid',center_mm=[0,0,0],semi_mm=[1,0,1]}]")
                .find("not over 0"),
            std::string::npos);
  EXPECT_NE(message(head + "solids=[{shape='half-space',normal=[0,0,1],offset_mm=1}]")
                .find("can only cut"),
            std::string::npos);
  EXPECT_NE(message(head + "[organ.spread]\nkidney=1").find("none of its organs"),
            std::string::npos);
  EXPECT_NE(message(head + "colour='red'\nsolids=[{shape='box',center_mm=[0,0,0],half_mm=[1,1,1]}]")
                .find("colour"),
            std::string::npos);
  EXPECT_THROW((void)load_subject("adult-man"), Error);
}

TEST(LabelMap, BecomesASubject) {
  image::Geometry grid;
  grid.size = {2, 2, 1};
  grid.spacing_mm = {10, 10, 10};
  image::Volume<int> labels(grid);
  labels.values() = {0, 3, 3, 5};
  const std::vector<LabelledOrgan> organs{{3, "liver", "soft-tissue", 1.05},
                                          {5, "lung", "lung", 0.3}};
  const auto s = subject_from_labels(labels, organs, "m1", "mouse");
  EXPECT_DOUBLE_EQ(s.voxels.volumes_ml()[0], 2);
  EXPECT_NEAR(s.subject.body_mass_g, 2.4, 1e-9);
  labels.values()[0] = 9;
  EXPECT_THROW((void)subject_from_labels(labels, organs, "m1", "mouse"), Error);
}

}  // namespace
