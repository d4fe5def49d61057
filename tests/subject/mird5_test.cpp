// The man's equations against another transcription of the same family: the adult-female set of the
// Geant4 example human_phantom (shared/data/dosimetry/mird5), whose trunk is 0.8625, 0.98 and
// 0.9014 times the man's along x, y and z, and whose organs follow it.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "shared/shared_data.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"

namespace {

using namespace sojourn;

/// A number of the man's file: organ, solid, key, place.
double ours(const char* organ, std::size_t solid, const char* key, std::size_t place) {
  static const auto tree = core::parse_toml(
      core::read_file(core::data_dir() / "subject" / "phantoms_2026" / "adult-male.toml"), "m");
  for (const auto& row : tree.find("organ")->items()) {
    if (row.find("id")->text() != organ) continue;
    const auto* value = row.find("solids")->items().at(solid).find(key);
    return value->kind() == core::Tree::Kind::array ? value->items().at(place).number()
                                                    : value->number();
  }
  return 0;
}

/// An attribute of a named solid of their file.
double theirs(const std::string& file, const std::string& solid, const std::string& attribute) {
  const auto text = core::read_file(test::shared_folder() / "data" / "dosimetry" / "mird5" /
                                    "Male" / (file + ".gdml"));
  const std::regex element("<[^>]*name=\"" + solid + "\"[^>]*>");
  std::smatch found;
  if (!std::regex_search(text, found, element)) return 0;
  const std::string tag = found.str();
  const std::regex value("\\b" + attribute + "=\"([-0-9.]+)\"");
  if (!std::regex_search(tag, found, value)) return 0;
  return std::stod(found[1].str());
}

TEST(Mird5, TheMansEquationsAgreeWithAnotherTranscription) {
  SOJOURN_NEEDS_SHARED(folder, "data/dosimetry/mird5");
  constexpr double x = 0.8625, y = 0.98, z = 0.9014;
  const auto agree = [](double mine, double scale, double other) {
    ASSERT_GT(other, 0);
    EXPECT_NEAR(mine * scale, other, 0.006 + 0.003 * other);  // printed to 0.01 cm
  };
  agree(ours("skin", 0, "semi_cm", 0), x, theirs("MIRDTrunk", "Trunk", "dx"));
  agree(ours("skin", 0, "semi_cm", 1), y, theirs("MIRDTrunk", "Trunk", "dy"));
  agree(ours("liver", 0, "semi_cm", 0), x, theirs("MIRDLiver", "FirstLiver", "dx"));
  agree(ours("liver", 0, "semi_cm", 1), y, theirs("MIRDLiver", "FirstLiver", "dy"));
  agree((ours("liver", 0, "to_cm", 2) - ours("liver", 0, "from_cm", 2)) / 2, z,
        theirs("MIRDLiver", "FirstLiver", "dz"));
  const std::string up = "MIRDUpperLargeIntestine", low = "MIRDLowerLargeIntestine";
  agree(ours("colon", 0, "semi_cm", 0), x, theirs(up, "AscendingColonUpperLargeIntestine", "dx"));
  agree(ours("colon", 0, "semi_cm", 1), y, theirs(up, "AscendingColonUpperLargeIntestine", "dy"));
  agree(ours("colon", 1, "semi_cm", 0), y, theirs(up, "TransverseColonUpperLargeIntestine", "dx"));
  agree(ours("colon", 1, "semi_cm", 1), z, theirs(up, "TransverseColonUpperLargeIntestine", "dy"));
  agree(ours("colon", 1, "to_cm", 0), x, theirs(up, "TransverseColonUpperLargeIntestine", "dz"));
  agree(ours("colon", 2, "semi_cm", 0), x, theirs(low, "DescendingColonLowerLargeIntestine", "dx"));
  agree(ours("colon", 2, "semi_cm", 1), y, theirs(low, "DescendingColonLowerLargeIntestine", "dy"));
  agree(ours("colon", 3, "ring_cm", 0), z,
        theirs(low, "SigmoidColonUpLowerLargeIntestine", "rtor"));
  agree(ours("colon", 4, "ring_cm", 0), z,
        theirs(low, "SigmoidColonDownLowerLargeIntestine", "rtor"));
  agree(ours("bone", 1, "semi_cm", 0) * 2, x, theirs("MIRDArmBone", "OneArmBone", "dx"));
  agree(ours("bone", 1, "semi_cm", 1) * 2, y, theirs("MIRDArmBone", "OneArmBone", "dy"));
  agree(ours("bone", 1, "to_cm", 2) / 2, z, theirs("MIRDArmBone", "OneArmBone", "dz"));
  agree(ours("bone", 2, "semi_cm", 0), x, theirs("MIRDPelvis", "PelvisOut", "dx"));
  agree(ours("brain", 0, "semi_cm", 0), 1, theirs("MIRDBrain", "Brain", "ax"));
  agree(ours("brain", 0, "semi_cm", 1), 1, theirs("MIRDBrain", "Brain", "by"));
  agree(ours("brain", 0, "semi_cm", 2), 1, theirs("MIRDBrain", "Brain", "cz"));
}

}  // namespace
