#include "sojourn/simulate/labelled_subject.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "shared/shared_data.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;
namespace fs = std::filesystem;

fs::path folder() {
  const auto path = fs::temp_directory_path() / "sojourn_labelled_subject_test";
  fs::create_directories(path);
  return path;
}

// Volumes counted by whoever prepared the map: digimouse/SOURCE.txt of the shared folder.
TEST(RealSubject, DigimouseHasItsVolumes) {
  SOJOURN_NEEDS_SHARED(map, "data/digimouse/digimouse_labels_0p2mm.nii.gz");
  std::string text = "id = \"digimouse\"\nspecies = \"mouse\"\nlabels = \"" + map.string() + "\"\n";
  const std::vector<std::pair<int, std::string>> names{
      {1, "rest"},      {2, "bone"},       {3, "eye"},      {4, "medulla"}, {5, "cerebellum"},
      {6, "olfactory"}, {7, "cerebrum"},   {8, "striatum"}, {9, "heart"},   {10, "brain"},
      {11, "masseter"}, {12, "lachrymal"}, {13, "bladder"}, {14, "gonads"}, {15, "stomach"},
      {16, "spleen"},   {17, "pancreas"},  {18, "liver"},   {19, "kidney"}, {20, "adrenals"},
      {21, "lung"}};
  for (const auto& [label, name] : names)
    text += "[[organ]]\nlabel = " + std::to_string(label) + "\nid = \"" + name + "\"\n";
  core::write_file(folder() / "digimouse.toml", text);
  const auto real = read_real_subject(folder() / "digimouse.toml");
  const auto& body = real.body;
  const auto volume = [&](const char* id) {
    return body.voxels.volumes_ml()[body.subject.index_of(id)];
  };
  // Printed with four figures.
  EXPECT_NEAR(volume("heart"), 0.2228, 1e-4);
  EXPECT_NEAR(volume("liver"), 2.008, 1e-3);
  EXPECT_NEAR(volume("spleen"), 0.1392, 1e-4);
  EXPECT_NEAR(volume("kidney"), 0.4954, 1e-4);
  EXPECT_NEAR(volume("lung"), 0.4171, 1e-4);
  EXPECT_NEAR(volume("bone"), 1.1815, 1e-4);
  double all = 0;
  for (const double one : body.voxels.volumes_ml()) all += one;
  EXPECT_NEAR(all, 22.39, 0.01);
  EXPECT_FALSE(real.ct_hu);
  // A voxel that the file states wrongly is settled by hand.
  core::write_file(folder() / "wrong.toml", "voxel_mm = 0.4\n" + text);
  const auto larger = read_real_subject(folder() / "wrong.toml");
  EXPECT_NEAR(larger.body.voxels.volumes_ml()[larger.body.subject.index_of("liver")], 8 * 2.008,
              0.01);
}

TEST(RealSubject, APatientsCtHasTissues) {
  SOJOURN_NEEDS_SHARED(ct, "data/petct_wb/CT_CT_IMAGES");
  core::write_file(folder() / "p.toml",
                   "id = \"p\"\nspecies = \"human\"\nct = \"" + ct.string() + "\"\n");
  const auto real = read_real_subject(folder() / "p.toml");
  ASSERT_TRUE(real.ct_hu);
  const auto& volumes = real.body.voxels.volumes_ml();
  // A chest and abdomen of a man of 91 kg: litres of lung, tens of litres of tissue.
  EXPECT_GT(volumes[0], 1500);
  EXPECT_LT(volumes[0], 12000);
  EXPECT_GT(volumes[1], 20000);
  EXPECT_LT(volumes[1], 91000);
  EXPECT_GT(volumes[2], 800);
  EXPECT_LT(volumes[2], 12000);
}

TEST(RealSubject, MistakesAreNamed) {
  const auto message = [](const std::string& text) -> std::string {
    core::write_file(folder() / "bad.toml", text);
    try {
      (void)read_real_subject(folder() / "bad.toml");
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  const std::string head = "id = \"a\"\nspecies = \"mouse\"\n";
  EXPECT_NE(message(head).find("name one at least"), std::string::npos);
  EXPECT_NE(message(head + "labels = \"none.nii.gz\"\n").find("none.nii.gz"), std::string::npos);
  EXPECT_NE(message(head + "label = \"x\"\n").find("labels"), std::string::npos);
}

}  // namespace
