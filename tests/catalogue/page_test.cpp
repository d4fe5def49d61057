#include "sojourn/catalogue/page.h"

#include <gtest/gtest.h>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/catalogue/documents.h"
#include "sojourn/catalogue/entries.h"
#include "sojourn/catalogue/row_tree.h"

namespace {

using namespace sojourn::catalogue;

TEST(RowTree, HoldsEveryNumberWithUnitAndSource) {
  const auto row = row_tree(tables(), "zr89-oxine");
  const auto& efflux = *row.find("parameters")->find("efflux");
  EXPECT_EQ(efflux.find("unit")->text(), "1/s");
  EXPECT_NEAR(efflux.find("value")->number() * 3600, 0.003, 1e-12);
  EXPECT_EQ(efflux.find("text")->text(), "0.003 1/h");
  EXPECT_FALSE(efflux.find("used_by")->text().empty());
  const auto& nuclide = row.find("nuclides")->items().at(0);
  EXPECT_NEAR(nuclide.find("half_life_s")->number() / 3600, 78.41, 0.2);
  EXPECT_GT(nuclide.find("positron_mean_range_mm")->number(), 1.0);
}

TEST(RowTree, PrintsEveryCitationOfTheRowInFull) {
  for (const auto& e : entries(tables())) {
    const auto row = row_tree(tables(), e.id);
    EXPECT_EQ(row.find("citations")->items().size(), row.find("references")->items().size())
        << e.id;
  }
}

TEST(Page, HoldsWhatTheRowHolds) {
  for (const auto& e : entries(tables())) {
    const auto row = row_tree(tables(), e.id);
    const auto page = to_page(row);
    EXPECT_NE(page.find(e.id), std::string::npos);
    for (const auto& key : row.find("citations")->items())
      EXPECT_NE(page.find(key.text()), std::string::npos) << e.id;
    if (const auto* all = row.find("parameters"))
      for (const auto& [name, number] : all->members())
        EXPECT_NE(page.find("**" + name + "** " + number.find("text")->text()), std::string::npos)
            << e.id << " " << name;
  }
}

TEST(Page, KeepsLinesShort) {
  constexpr std::size_t kWidest = 130;  // a word may stand over the margin
  const auto page = to_page(row_tree(tables(), "zr89-oxine"));
  for (std::size_t at = 0; at < page.size();) {
    const auto end = page.find('\n', at);
    EXPECT_LE(end - at, kWidest) << page.substr(at, end - at);
    at = end + 1;
  }
}

TEST(Documents, HoldOneSectionForEachRow) {
  const auto files = documents(tables());
  for (const auto& e : entries(tables())) {
    const auto& text = files.at(e.row_class + ".md");
    EXPECT_NE(text.find(e.id == e.name ? "## " + e.id : "(`" + e.id + "`)"), std::string::npos)
        << e.id;
    EXPECT_NE(files.at("README.md").find("`" + e.id + "`"), std::string::npos) << e.id;
  }
}

}  // namespace
