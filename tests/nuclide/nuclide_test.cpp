#include "sojourn/nuclide/nuclide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/nuclide/nuclide_table.h"

namespace {

using namespace sojourn::nuclide;
using sojourn::Error;

TEST(Nuclide, KnowsTheLabelsOfTheFirstMethods) {
  EXPECT_NEAR(find("89Zr").half_life_s, 282276, 1e-6);
  EXPECT_NEAR(find("^18^Fluorine").half_life_s, 6586.2, 1e-6);
  EXPECT_EQ(find("zr89").name, "Zr-89");
  const auto names = known();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_NE(std::find(names.begin(), names.end(), "F-18"), names.end());
}

TEST(Nuclide, RefusesUnknownNamesAndListsTheKnown) {
  try {
    (void)find("Zr-88");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("Zr-89"), std::string::npos);
  }
  EXPECT_THROW((void)find("oxine"), Error);
}

TEST(Nuclide, CountsTheLineOfTheIsomerOnce) {
  const auto& lines = find("Zr-89").emissions;
  const auto count = std::count_if(lines.begin(), lines.end(), [](const Emission& e) {
    return e.type == "gamma" && std::abs(e.energy_kev - 909) < 1;
  });
  EXPECT_EQ(count, 1);
}

TEST(NuclidePublished, AgreesWithTheTableOfConti) {
  // Conti & Eriksson, EJNMMI Phys 2016;3:8, table 1: half-life, branching, Emax, Emean as printed
  struct Row {
    const char* name;
    double half_life_s, fraction, end_kev, mean_kev;
  };
  for (const auto& row :
       {Row{"F-18", 110 * 60, 0.969, 634, 250}, Row{"Zr-89", 78.4 * 3600, 0.227, 902, 396}}) {
    const auto& n = find(row.name);
    EXPECT_NEAR(n.half_life_s / row.half_life_s, 1, 3e-3) << row.name;  // printed to three digits
    EXPECT_NEAR(n.positron_fraction, row.fraction, 0.0019)
        << row.name;  // the evaluations differ by that much
    const auto beta = std::find_if(n.emissions.begin(), n.emissions.end(),
                                   [](auto& e) { return e.type == "beta+"; });
    ASSERT_NE(beta, n.emissions.end());
    EXPECT_NEAR(beta->end_point_kev, row.end_kev, 1.5) << row.name;
    EXPECT_NEAR(beta->energy_kev, row.mean_kev, 1) << row.name;
  }
}

TEST(Nuclide, HoldsTheNuclidesOfTheField) {
  const auto names = known();
  for (const char* name : {"C-11",  "N-13",  "O-15",  "F-18",  "Cr-51",  "Mn-52",  "Cu-64",
                           "Ga-68", "Rb-82", "Y-86",  "Zr-89", "Y-90",   "Tc-99m", "In-111",
                           "I-123", "I-124", "I-125", "I-131", "Lu-176", "Lu-177"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    EXPECT_FALSE(find(name).summary.empty()) << name;
    EXPECT_FALSE(find(name).production_note.empty()) << name;
  }
  EXPECT_EQ(find("Zr-89").inventory, std::vector<std::string>{"S7"});
  EXPECT_EQ(find("99mTc").modality, "SPECT");
  EXPECT_EQ(find("68Ga").production, "generator");
}

TEST(Nuclide, SharesOfDecayModesAddUp) {
  for (const auto& name : known()) {
    const auto& n = find(name);
    double sum = 0;
    for (const auto& mode : n.decay_modes) sum += mode.fraction;
    EXPECT_NEAR(sum, 1, 1e-4) << name;  // printed to six digits
  }
  const auto& modes = find("Cu-64").decay_modes;
  ASSERT_EQ(modes.size(), 3u);
  EXPECT_EQ(modes[0].name, "beta+");
  EXPECT_NEAR(find("Cu-64").beta_minus_fraction, 0.385, 1e-9);
}

TEST(Nuclide, WindowsCountPhotonsOnly) {
  // 140.5 keV with +-10 %: that line and the 142.6 keV one
  EXPECT_NEAR(yield_in_window(find("Tc-99m"), 126.45, 154.56), 0.8902, 1e-4);
  EXPECT_NEAR(yield_in_window(find("In-111"), 154, 189) + yield_in_window(find("In-111"), 221, 270),
              1.847, 0.01);  // the two lines of ENSDF: 0.907 and 0.941, sd 0.001
  EXPECT_NEAR(yield_in_window(find("Zr-89"), 500, 520), 2 * find("Zr-89").positron_fraction, 1e-9);
  EXPECT_EQ(yield_in_window(find("F-18"), 300, 500), 0);
  EXPECT_NEAR(energy_per_decay_kev(find("F-18"), "annihilation"), 0.9673 * 2 * 510.9989, 0.01);
}

class NuclideTable : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder.path() / file) << text;
  }
  std::string valid = R"(name = "C-11"
summary = "Short-lived."
modality = "PET"
production = "cyclotron"
production_note = "on site"
inventory = []
half_life = "20.36 min"
half_life_sd = "0.02 min"
decay_modes = [["beta+", 0.998], ["electron-capture", 0.002]]
positron_fraction = 0.998
positron_fraction_sd = 0.001
citations = ["x"]
[[emission]]
type = "beta+"
energy_kev = 386
end_point_kev = 960
intensity = 0.998
intensity_sd = 0.001
shape = "allowed"
[[emission]]
type = "annihilation"
energy_kev = 510.999
intensity = 1.996
intensity_sd = 0.002
)";
  sojourn::test::TemporaryFolder folder;
};

TEST_F(NuclideTable, TakesOneFileForEachNuclide) {
  write("C-11.toml", valid);
  write("SOURCE.md", "text");
  const auto tables = read_tables(folder.path());
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_NEAR(tables.at("C-11").half_life_s, 1221.6, 1e-9);
}

TEST_F(NuclideTable, RefusesSlips) {
  const auto refuses = [&](const std::string& from, const std::string& to) {
    std::string text = valid;
    text.replace(text.find(from), from.size(), to);
    write("C-11.toml", text);
    const std::string message =
        sojourn::test::message_of([&] { (void)read_tables(folder.path()); });
    EXPECT_NE(message.find("C-11.toml:"), std::string::npos) << to << ": " << message;
  };
  refuses("\"20.36 min\"", "20.36");
  refuses("half_life_sd", "half_live_sd");
  refuses("\"C-11\"", "\"C-12\"");
  refuses("positron_fraction = 0.998", "positron_fraction = 0.9");
  refuses("\"electron-capture\", 0.002", "\"electron-capture\", 0.02");
  refuses("[\"electron-capture\", 0.002]", "[\"electron-capture\"]");
  refuses("electron-capture", "electron capture");
  refuses("[\"electron-capture\", 0.002]", "[\"beta+\", 0.002]");
  refuses("0.998], [\"electron-capture\", 0.002", "0.5], [\"electron-capture\", 0.5");
  refuses("0.998], [\"electron-capture\", 0.002", "0.998], [\"beta-\", 0.002");
  refuses("\"PET\"", "\"pet\"");
  refuses("\"cyclotron\"", "\"kitchen\"");
  refuses("summary = \"Short-lived.\"", "");
  refuses("shape = \"allowed\"", "");
  refuses("\"allowed\"", "\"forbidden\"");
  refuses("1.996", "1.2");
  refuses("\"annihilation\"", "\"anihilation\"");
  refuses("citations = [\"x\"]", "");
  refuses("end_point_kev = 960", "end_point_kev = 100");
}

TEST_F(NuclideTable, RefusesAMissingFolder) {
  EXPECT_THROW((void)read_tables(folder.path() / "nowhere"), Error);
}

}  // namespace
