#include "sojourn/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/catalogue/catalogue_table.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::catalogue;
namespace fs = std::filesystem;

TEST(Catalogue, HoldsTheFirstRows) {
  const Method& oxine = method("zr89-oxine");
  EXPECT_EQ(oxine.kind, "ex-vivo-label");
  EXPECT_EQ(oxine.inventory, std::vector<std::string>{"EX-01"});
  EXPECT_NEAR(oxine.parameters.at("efflux_per_s").value * 3600, 0.003, 1e-12);
  EXPECT_EQ(sojourn::nuclide::find(oxine.nuclide).name, "Zr-89");
  EXPECT_EQ(sojourn::nuclide::find(method("f18-fdg").nuclide).name, "F-18");
  EXPECT_GT(cell("cd8-t").parameters.at("death_per_s").relative_sd, 0.5);
}

TEST(Catalogue, EffluxLiesWithinThePublishedRetentions) {
  // Weist 2018: more than 60 % at 6 d; Sato 2015: 83.5 % at 5 d in cells that do not divide; both
  // within two sd
  const auto& efflux = method("zr89-oxine").parameters.at("efflux_per_s");
  const double ln_sd = std::sqrt(std::log1p(efflux.relative_sd * efflux.relative_sd));
  EXPECT_GT(std::exp(-efflux.value * 6 * 86400), 0.60);
  EXPECT_GT(std::exp(-efflux.value * std::exp(-2 * ln_sd) * 5 * 86400), 0.835);
}

TEST(Catalogue, FreeLabelFractionsLeaveRoom) {
  const auto& p = method("zr89-oxine").parameters;
  EXPECT_LE(p.at("bone_fraction").value + p.at("liver_fraction").value +
                p.at("kidney_fraction").value + p.at("excreted_fraction").value,
            1);
  EXPECT_LE(p.at("bone_fraction_deferoxamine").value + p.at("liver_fraction").value +
                p.at("kidney_fraction").value + p.at("excreted_fraction_deferoxamine").value,
            1);
}

TEST(Catalogue, EveryRowCitesKnownReferences) {
  for (const auto& id : method_ids())
    for (const auto& key : method(id).citations) EXPECT_EQ(reference(key).key, key);
  for (const auto& name : sojourn::nuclide::known())
    for (const auto& key : sojourn::nuclide::find(name).citations)
      EXPECT_FALSE(reference(key).text.empty()) << key;
  EXPECT_GE(reference_keys().size(), 5u);
  EXPECT_GE(cell_ids().size(), 1u);
}

TEST(Catalogue, ProposesTheNearestId) {
  try {
    (void)method("zr89-oxin");
    FAIL();
  } catch (const sojourn::Error& error) {
    EXPECT_NE(std::string(error.what()).find("\"zr89-oxine\""), std::string::npos);
    EXPECT_EQ(error.exit_status(), 2);
  }
  EXPECT_THROW((void)cell("zr89-oxine"), sojourn::Error);
  EXPECT_THROW((void)reference("nobody-1900"), sojourn::Error);
}

class CatalogueTable : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path data = sojourn::core::data_dir();
    for (const char* topic : {"catalogue", "references"})
      fs::copy(data / topic, folder.path() / topic, fs::copy_options::recursive);
    file = folder.path() / "catalogue" / "methods" / "zr89-oxine.toml";
  }
  void refuses(const std::string& from, const std::string& to) const {
    const std::string before = sojourn::core::read_file(file);
    std::string text = before;
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file) << text;
    EXPECT_THROW((void)read_tables(folder.path()), sojourn::Error) << to;
    std::ofstream(file) << before;
  }
  sojourn::test::TemporaryFolder folder;
  fs::path file;
};

TEST_F(CatalogueTable, ReadsItsOwnCopy) {
  EXPECT_EQ(read_tables(folder.path()).methods.size(), method_ids().size());
}

TEST_F(CatalogueTable, RefusesSlips) {
  refuses("\"0.003 1/h\"", "0.003");
  refuses("\"0.003 1/h\"", "\"0.003 h\"");
  refuses("\"0.003 1/h\"", "\"-0.003 1/h\"");
  refuses("parameters.efflux", "parameters.eflux");
  refuses("relative_sd", "relativ_sd");
  refuses("value = 0.7", "value = 1.7");
  refuses("citation = \"weist-2018\"", "citation = \"weist-2081\"");
  refuses("\"ex-vivo-label\"", "\"label\"");
  refuses("\"Zr-89\"", "\"89Zr\"");
  refuses("\"EX-01\"", "\"EX01\"");
  refuses("id = \"zr89-oxine\"", "id = \"zr89\"");
  refuses("summary", "sumary");
}

}  // namespace
