#include "sojourn/nuclide/nuclide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/nuclide/nuclide_table.h"

namespace {

using namespace sojourn::nuclide;
using sojourn::Error;

double energy_per_decay(const Nuclide& n, const std::string& type) {
  double sum = 0;
  for (const auto& e : n.emissions)
    if (e.type == type) sum += e.energy_kev * e.intensity;
  return sum;
}

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

TEST(NuclidePublished, AgreesWithAnIndependentCompilation) {
  SOJOURN_NEEDS_SHARED(folder, "data/dosimetry/icrp107_json");
  for (const char* name : {"F-18", "Zr-89"}) {
    const std::string file = std::string(name) + ".json";
    const auto tree = sojourn::core::parse_json(sojourn::core::read_file(folder / file), file);
    const auto& n = find(name);
    const double unit = tree.find("time_unit")->text() == "h" ? 3600 : 60;
    EXPECT_NEAR(n.half_life_s / (tree.find("half_life")->number() * unit), 1, 1e-3) << name;
    const auto energy = [&](const char* key) {
      double sum = 0;
      for (const auto& line : tree.find("emissions")->find(key)->items())
        sum += 1000 * line.items()[0].number() * line.items()[1].number();
      return sum;
    };
    // the positron fractions of the two differ by 0.3 %, ENDF's sd is 1.3 %
    EXPECT_NEAR(energy_per_decay(n, "beta+") / energy("beta+"), 1, 0.005) << name;
    EXPECT_NEAR(energy_per_decay(n, "annihilation") / energy("annihilation"), 1, 0.005) << name;
    if (std::string(name) == "F-18") continue;
    EXPECT_NEAR(energy_per_decay(n, "gamma") / energy("gamma"), 1, 1e-3);
    EXPECT_NEAR(energy_per_decay(n, "x") / energy("X"), 1, 0.02);  // fluorescence yields: 10 % sd
    EXPECT_NEAR(energy_per_decay(n, "conversion") / energy("IE"), 1, 0.02);
    EXPECT_NEAR(energy_per_decay(n, "auger") / energy("auger"), 1,
                0.05);  // the faintest groups are left out here
  }
}

class NuclideTable : public ::testing::Test {
 protected:
  void write(const std::string& set, const std::string& file, const std::string& text) const {
    std::filesystem::create_directories(folder.path() / set);
    std::ofstream(folder.path() / set / file) << text;
  }
  std::string valid = R"(name = "C-11"
half_life = "20.36 min"
half_life_sd = "0.02 min"
positron_fraction = 0.998
positron_fraction_sd = 0.001
citations = ["x"]
[[emission]]
type = "beta+"
energy_kev = 386
end_point_kev = 960
intensity = 0.998
intensity_sd = 0.001
[[emission]]
type = "annihilation"
energy_kev = 510.999
intensity = 1.996
intensity_sd = 0.002
)";
  sojourn::test::TemporaryFolder folder;
};

TEST_F(NuclideTable, TakesOneFileForEachNuclide) {
  write("set_2020", "C-11.toml", valid);
  write("set_2020", "SOURCE.md", "text");
  const auto tables = read_tables(folder.path());
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_NEAR(tables.at("C-11").half_life_s, 1221.6, 1e-9);
}

TEST_F(NuclideTable, RefusesSlips) {
  const auto refuses = [&](const std::string& from, const std::string& to) {
    std::string text = valid;
    text.replace(text.find(from), from.size(), to);
    write("set_2020", "C-11.toml", text);
    EXPECT_THROW((void)read_tables(folder.path()), Error) << to;
  };
  refuses("\"20.36 min\"", "20.36");
  refuses("half_life_sd", "half_live_sd");
  refuses("\"C-11\"", "\"C-12\"");
  refuses("0.998\npos", "0.9\npos");
  refuses("1.996", "1.2");
  refuses("\"annihilation\"", "\"anihilation\"");
  refuses("citations = [\"x\"]", "");
  refuses("end_point_kev = 960", "end_point_kev = 100");
}

TEST_F(NuclideTable, RefusesANuclideInTwoDataSets) {
  write("set_2020", "C-11.toml", valid);
  write("set_2021", "C-11.toml", valid);
  EXPECT_THROW((void)read_tables(folder.path()), Error);
  EXPECT_THROW((void)read_tables(folder.path() / "nowhere"), Error);
}

}  // namespace
