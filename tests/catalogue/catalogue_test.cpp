#include "sojourn/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/catalogue/check.h"
#include "sojourn/catalogue/entries.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::catalogue;
namespace fs = std::filesystem;

TEST(Catalogue, ReadsTypedRows) {
  const Method& oxine = method("zr89-oxine");
  EXPECT_EQ(oxine.row_class, "ex-vivo-label");
  EXPECT_EQ(oxine.kind, "method");
  EXPECT_EQ(oxine.inventory, std::vector<std::string>{"EX-01"});
  EXPECT_NEAR(oxine.label().efflux_per_s->value * 3600, 0.003, 1e-12);
  EXPECT_EQ(sojourn::nuclide::find(oxine.nuclide).name, "Zr-89");
  EXPECT_EQ(sojourn::nuclide::find(method("f18-fdg").nuclide).name, "F-18");
  EXPECT_GT(cell("cd8-t").parameters.death_per_s->relative_sd, 0.5);
  EXPECT_EQ(scanner("inveon").modality, "PET");
  EXPECT_EQ(vector("igg").clearing_organ, "liver");
  EXPECT_TRUE(target("sstr2").engineered);
}

TEST(Catalogue, EffluxLiesWithinThePublishedRetentions) {
  // Weist 2018: more than 60 % at 6 d; Sato 2015: 83.5 % at 5 d in cells that do not divide; both
  // within two sd
  const auto& efflux = *method("zr89-oxine").label().efflux_per_s;
  const double ln_sd = std::sqrt(std::log1p(efflux.relative_sd * efflux.relative_sd));
  EXPECT_GT(std::exp(-efflux.value * 6 * 86400), 0.60);
  EXPECT_GT(std::exp(-efflux.value * std::exp(-2 * ln_sd) * 5 * 86400), 0.835);
}

TEST(Catalogue, ANumberForOneKindOfCellsServesThoseThatBelongToIt) {
  const auto& ceiling = *method("zr89-oxine").label().activity_per_million_ceiling_bq;
  // Weist 2018: no loss of function up to 70 kBq per million CAR T cells
  EXPECT_NEAR(ceiling.of(cell("car-t").kin).value, 70e3, 1);
  EXPECT_NEAR(ceiling.of(cell("car-t-cd19").kin).value, 70e3, 1);
  // Man 2019: 20 kBq per million gamma-delta T cells
  EXPECT_NEAR(ceiling.of(cell("gd-t").kin).value, 20e3, 1);
  EXPECT_EQ(ceiling.of({"no-such-cells"}).value, ceiling.value);
}

TEST(Catalogue, RefusesTheParametersOfAnotherClass) {
  EXPECT_THROW((void)method("f18-fdg").label(), sojourn::Error);
  EXPECT_THROW((void)method("zr89-oxine").probe(), sojourn::Error);
  EXPECT_NO_THROW(method("zr89-oxine").must_be_usable());
  for (const char* id : {"tc99m-sss", "wbc-scintigraphy", "relatlimab", "il2-limits"}) {
    const auto said = sojourn::test::message_of([&] { method(id).must_be_usable(); });
    EXPECT_NE(said.find(method(id).reason), std::string::npos) << id;
  }
}

TEST(Catalogue, UptakeOfTheSpeciesComesFirst) {
  const auto& row = method("sstr2-68ga-dotatoc");
  const auto* mouse = row.uptake_of("muscle", "mouse");
  const auto* human = row.uptake_of("muscle", "human");
  ASSERT_NE(mouse, nullptr);
  ASSERT_NE(human, nullptr);
  EXPECT_LT(mouse->value, human->value);
  EXPECT_EQ(row.uptake_of("no-such-organ", "mouse"), nullptr);
}

TEST(Catalogue, ProposesTheNearestId) {
  const auto said = sojourn::test::message_of([] { (void)method("zr89-oxin"); });
  EXPECT_NE(said.find("\"zr89-oxine\""), std::string::npos);
  EXPECT_THROW((void)cell("zr89-oxine"), sojourn::Error);
  EXPECT_THROW((void)reference("nobody-1900"), sojourn::Error);
  EXPECT_THROW((void)scanner("zr89-oxine"), sojourn::Error);
}

TEST(CatalogueCheck, EveryRowIsInOrder) {
  for (auto* find : {cross_reference_problems, consistency_problems})
    for (const auto& problem : find(tables())) ADD_FAILURE() << problem;
}

TEST(CatalogueCheck, NoRowLacksItsInventoryOrCitation) {
  std::set<std::string> inventory;
  for (const auto& e : entries(tables())) {
    EXPECT_FALSE(e.citations.empty()) << e.id;
    inventory.insert(e.inventory.begin(), e.inventory.end());
  }
  // the numbered rows of the field's method inventory, sections 1 to 5, 8 and 12
  const std::pair<const char*, int> sections[] = {{"EX", 13}, {"MR", 4},  {"MP", 1},
                                                  {"OP", 7},  {"RG", 12}, {"IP", 24},
                                                  {"PE", 7},  {"CT", 14}, {"M", 16}};
  for (const auto& [prefix, last] : sections)
    for (int i = 1; i <= last; ++i)
      EXPECT_TRUE(inventory.contains(fmt::format("{}-{:02}", prefix, i))) << prefix << i;
}

TEST(CatalogueCheck, RowsThatAreNoMethodsHoldNoParameters) {
  // what the inventory calls a note, a parent, a therapy (EX-05, EX-13, RG-09, RG-10, RG-12, IP-20,
  // IP-22, PE-06)
  for (const char* row : {"EX-05", "EX-13", "RG-09", "RG-10", "RG-12", "IP-20", "IP-22", "PE-06"})
    for (const auto& [id, m] : tables().methods)
      if (m.inventory == std::vector<std::string>{row}) {
        EXPECT_NE(m.kind, "method") << id;
        EXPECT_TRUE(std::holds_alternative<std::monostate>(m.parameters)) << id;
      }
}

TEST(CatalogueCheck, CountsAssumedNumbers) {
  Vector v;
  v.parameters.molar_mass_g_per_mol = Sourced{.basis = Basis::published};
  EXPECT_EQ(assumed_share(v).share(), 0);
  v.parameters.plasma_half_life_s = Sourced{.basis = Basis::assumed};
  EXPECT_EQ(assumed_share(v).share(), 0.5);
  EXPECT_FALSE(assumed_share(v).indicative());  // over half, not half
  v.parameters.extravasation_per_s = Sourced{.basis = Basis::assumed};
  EXPECT_TRUE(assumed_share(v).indicative());
}

TEST(CatalogueEntries, FindsIdsAsPeopleWriteThem) {
  EXPECT_EQ(find_id(tables(), "zr89-oxine"), "zr89-oxine");
  EXPECT_EQ(find_id(tables(), "89Zr"), "Zr-89");
  EXPECT_EQ(find_id(tables(), "EX-01"), "zr89-oxine");
  EXPECT_THROW((void)find_id(tables(), "RG-04"),
               sojourn::Error);  // several pairs of gene and tracer
  EXPECT_NE(sojourn::test::message_of([] {
              (void)find_id(tables(), "zr89-oxin");
            }).find("did you mean \"zr89-oxine\""),
            std::string::npos);
}

TEST(CatalogueEntries, SearchNeedsEveryWord) {
  const auto all = entries(tables());
  const auto found = search(all, "CD8 minibody");
  EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                          [](const Entry& e) { return e.id == "cd8-89zr-iab22m2c"; }));
  EXPECT_LT(found.size(), 10u);
  EXPECT_TRUE(search(all, "cd8 xenomorph").empty());
}

class CatalogueTable : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path data = sojourn::core::data_dir();
    for (const char* topic : {"catalogue", "references"})
      fs::copy(data / topic, folder.path() / topic, fs::copy_options::recursive);
    file = folder.path() / "catalogue" / "methods" / "ex_vivo" / "zr89-oxine.toml";
  }
  /// The message with which the changed row is refused.
  std::string refuses(const std::string& from, const std::string& to) const {
    const std::string before = sojourn::core::read_file(file);
    std::string text = before;
    EXPECT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file) << text;
    const auto said = sojourn::test::message_of([&] { (void)read_tables(folder.path()); });
    std::ofstream(file) << before;
    return said;
  }
  sojourn::test::TemporaryFolder folder;
  fs::path file;
};

TEST_F(CatalogueTable, ReadsItsOwnCopy) {
  EXPECT_EQ(read_tables(folder.path()).methods.size(), method_ids().size());
}

TEST_F(CatalogueTable, RefusesSlipsWithFileLineAndField) {
  const std::pair<const char*, const char*> slips[] = {
      {"\"0.003 1/h\"", "0.003"},
      {"\"0.003 1/h\"", "\"0.003 h\""},
      {"\"0.003 1/h\"", "\"-0.003 1/h\""},
      {"parameters.efflux", "parameters.eflux"},
      {"relative_sd", "relativ_sd"},
      {"value = 0.7", "value = 1.7"},
      {"\"ex-vivo-label\"", "\"label\""},
      {"\"Zr-89\"", "\"89Zr\""},
      {"\"EX-01\"", "\"EX01\""},
      {"id = \"zr89-oxine\"", "id = \"zr89\""},
      {"summary", "sumary"},
      {"kind = \"method\"", "kind = \"parent\""},
      {"basis = ", "bases = "},
      {"[[effect]]", "[[efect]]"},
  };
  for (const auto& [from, to] : slips) {
    const auto said = refuses(from, to);
    EXPECT_NE(said.find("zr89-oxine.toml:"), std::string::npos) << to << ": " << said;
  }
  EXPECT_NE(refuses("parameters.efflux", "parameters.eflux").find("efflux"), std::string::npos);
}

TEST_F(CatalogueTable, FindsCitationsAndCellsThatAreNotThere) {
  const auto changed = [&](const std::string& from, const std::string& to) {
    const std::string before = sojourn::core::read_file(file);
    std::string text = before;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file) << text;
    const auto problems = cross_reference_problems(read_tables(folder.path()));
    std::ofstream(file) << before;
    return problems.empty() ? std::string() : problems.front();
  };
  EXPECT_NE(changed("citation = \"weist-2018\"", "citation = \"weist-2081\"").find("weist-2081"),
            std::string::npos);
  EXPECT_NE(changed("cells = \"dc-mature\"", "cells = \"dc-matture\"").find("dc-matture"),
            std::string::npos);
}

TEST_F(CatalogueTable, CollectsTheProblemsOfEveryFile) {
  std::ofstream(file) << "id = 3\n";
  std::ofstream(folder.path() / "catalogue" / "cells" / "nk.toml") << "[[[";
  std::vector<std::string> problems;
  const auto read = read_tables(folder.path(), problems);
  EXPECT_EQ(problems.size(), 2u);
  EXPECT_FALSE(read.methods.contains("zr89-oxine"));
  EXPECT_TRUE(read.methods.contains("in111-oxine"));
}

}  // namespace
