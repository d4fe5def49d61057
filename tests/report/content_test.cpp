#include <gtest/gtest.h>

#include <cmath>

#include "report/page_parser.h"
#include "report/synthetic_result.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/report.h"

namespace sojourn::report {
namespace {

using test::shown_number;

test::Page page_of(const records::StudyResult& result) {
  auto page = test::parse_page(to_html(result));
  EXPECT_FALSE(page.problem) << *page.problem;
  return page;
}

/// The cell shows `value` (in the record's unit; `size` of them are one shown unit) to `digits`
/// figures and holds it to nine.
void expect_cell(const test::TableRow& row, std::size_t column, std::optional<double> value,
                 double size, int digits) {
  ASSERT_LT(column, row.cells.size());
  const auto shown = shown_number(row.cells[column]);
  ASSERT_EQ(shown.has_value(), value.has_value()) << row.cells[0] << " column " << column;
  if (!value) return;
  // Half a unit of the last figure shown.
  EXPECT_NEAR(*shown * size, *value, 0.5001 * std::pow(10.0, 1 - digits) * std::fabs(*value));
  EXPECT_NEAR(std::stod(row.values[column].value()), *value, 1e-8 * std::fabs(*value));
}

void expect_activity(const test::TableRow& row, const records::Measurement& m, double unit,
                     std::size_t first) {
  EXPECT_EQ(row.cells[0].substr(0, m.region.size()), m.region);
  std::size_t c = first;
  expect_cell(row, c++, m.volume_ml, 1, 3);
  expect_cell(row, c++, m.activity_uncorrected_bq, unit, 4);
  expect_cell(row, c++, m.recovery, 1, 3);
  expect_cell(row, c++, m.activity_bq, unit, 4);
  expect_cell(row, c++, m.total_sd_bq(), unit, 3);
  expect_cell(row, c++, m.noise_bq, unit, 3);
  expect_cell(row, c++, m.detection_limit_bq, unit, 3);
  expect_cell(row, c++, m.activity_dc_bq, unit, 4);
  expect_cell(row, c++, m.percent_id, 1, 3);
  expect_cell(row, c++, m.percent_id_per_ml, 1, 3);
  expect_cell(row, c++, m.suv_mean, 1, 3);
  expect_cell(row, c++, m.suv_max, 1, 3);
  expect_cell(row, c++, m.suv_peak, 1, 3);
  EXPECT_EQ(c, row.cells.size());
}

TEST(Content, TablesShowTheRecordsNumbers) {
  const auto result = test::mouse_with_cells();
  const auto tables = test::tables_of(page_of(result));
  ASSERT_EQ(tables.size(), 2U);
  ASSERT_EQ(tables[0].rows.size(), result.cells.size());
  for (std::size_t i = 0; i < result.cells.size(); ++i) {
    const auto& row = tables[0].rows[i];
    const auto& c = result.cells[i];
    EXPECT_EQ(row.cells[0].substr(0, c.region.size()), c.region);
    const std::optional<double> values[] = {c.cells,
                                            c.cells_lo95,
                                            c.cells_hi95,
                                            c.cells_naive,
                                            c.detection_limit_cells,
                                            c.probability_above_limit,
                                            c.live_label_fraction};
    std::size_t column = 1;
    for (const auto& value : values) expect_cell(row, column++, value, 1, 3);
    expect_cell(row, column++, c.label_per_live_cell_bq, 1e-3, 3);
    expect_cell(row, column++, c.expansion, 1, 3);
    EXPECT_EQ(column, row.cells.size());
    const bool below = c.detection_limit_cells && c.cells < *c.detection_limit_cells;
    EXPECT_EQ(row.cells[0].find("below limit") != std::string::npos, below);
  }
  ASSERT_EQ(tables[1].rows.size(), result.measurements.size());
  EXPECT_NE(tables[1].head[2].find("kBq"), std::string::npos);
  for (std::size_t i = 0; i < result.measurements.size(); ++i) {
    expect_activity(tables[1].rows[i], result.measurements[i], 1e3, 1);
  }
}

TEST(Content, DynamicTablesShowTheirFrames) {
  const auto result = test::dynamic_study();
  const auto tables = test::tables_of(page_of(result));
  ASSERT_EQ(tables.size(), 1U);
  ASSERT_EQ(tables[0].rows.size(), result.measurements.size());
  for (std::size_t i = 0; i < result.measurements.size(); ++i) {
    const auto& m = result.measurements[i];
    const auto& row = tables[0].rows[i];
    expect_cell(row, 1, m.frame, 1, 6);
    expect_cell(row, 2, m.hours, 1, 4);
    expect_cell(row, 3, m.frame_start_s, 1, 5);
    expect_cell(row, 4, m.frame_duration_s, 1, 4);
    expect_activity(row, m, 1e3, 5);
  }
}

TEST(Content, AnswerNamesTheWholeSubjectAtTheLastTimePoint) {
  const auto result = test::mouse_with_cells();
  const std::string page = to_html(result);
  const auto& whole = result.cells[30];
  ASSERT_EQ(whole.region, "whole_body");
  ASSERT_EQ(whole.scan, 3);
  EXPECT_NE(page.find("96.1 h after infusion: <b>" + figures(whole.cells, 2) + " living cells</b>"),
            std::string::npos);
  EXPECT_NE(page.find("naive count " + figures(whole.cells_naive, 2)), std::string::npos);
}

TEST(Content, EveryWarningIsThere) {
  const std::string page = to_html(test::mouse_with_cells());
  EXPECT_NE(page.find("3 warnings"), std::string::npos);
  EXPECT_NE(page.find("scan 1 (pet/d0), scan 2 (pet/d1) · 2 times"), std::string::npos);
  EXPECT_NE(page.find("label: no cell_bound_fraction; 1 is assumed"), std::string::npos);
}

TEST(Content, CitationsAreNumberedInTheOrderOfTheText) {
  const std::string page = to_html(test::mouse_with_cells());
  EXPECT_EQ(page.find("[@"), std::string::npos);
  EXPECT_NE(page.find(R"(Currie [<a href="#ref-1">1</a>])"), std::string::npos);
  EXPECT_NE(page.find(R"([<a href="#ref-3">3</a>, <a href="#ref-1">1</a>])"), std::string::npos);
  const auto currie = page.find(R"(<li id="ref-1">Currie)"),
             rousset = page.find(R"(<li id="ref-2">Rousset)");
  EXPECT_LT(currie, rousset);
  EXPECT_NE(rousset, std::string::npos);
}

TEST(Content, ACitationWithoutReferenceStaysReadable) {
  records::StudyResult result;
  result.methods = {"As before [@nobody2000], [not a key], [@]."};
  const std::string page = to_html(result);
  EXPECT_NE(page.find("As before [nobody2000], [not a key], [@]."), std::string::npos);
}

TEST(Content, PagesReachOutToNothingButReferences) {
  for (const auto& result : {test::mouse_with_cells(), test::human_fdg(), test::dynamic_study()}) {
    for (const auto& token : page_of(result).tokens) {
      for (const char* name : {"src", "href"}) {
        const auto at = token.attributes.find(name);
        if (at == token.attributes.end()) continue;
        const std::string& url = at->second;
        const bool inside =
            url.rfind("#ref-", 0) == 0 || url.rfind("data:image/png;base64,", 0) == 0;
        const bool reference = token.name == "a" && url.rfind("https://doi.org/10.", 0) == 0;
        EXPECT_TRUE(inside || reference) << token.name << " " << url.substr(0, 60);
      }
      EXPECT_NE(token.name, "link");
      if (token.name == "style") {
        EXPECT_EQ(token.text.find("url("), std::string::npos);
      }
    }
  }
}

TEST(Content, EveryFigureHasWordsAndEveryTableScopes) {
  int figures_seen = 0, headers = 0;
  for (const auto& token : page_of(test::mouse_with_cells()).tokens) {
    if (token.kind != test::Token::Kind::start) continue;
    if (token.name == "svg") {
      ++figures_seen;
      EXPECT_EQ(token.attributes.at("role"), "img");
      EXPECT_FALSE(token.attributes.at("aria-label").empty());
    }
    if (token.name == "th") {
      ++headers;
      EXPECT_TRUE(token.attributes.contains("scope"));
    }
  }
  EXPECT_EQ(figures_seen, 15 + 15 + 3 + 1 + 3);  // cells, activity, projections, colour bar, legend
  EXPECT_GT(headers, 90);
}

TEST(Content, AStudyWithoutCellsHasNoSectionOfCells) {
  const std::string page = to_html(test::human_fdg());
  EXPECT_EQ(page.find("Cells per region"), std::string::npos);
  EXPECT_EQ(page.find("Table of cells"), std::string::npos);
  EXPECT_NE(page.find("highest uptake in <b>bladder</b> (22.4 SUV mean)"), std::string::npos);
}

TEST(Content, AnEmptyResultIsAPage) {
  EXPECT_GT(page_of(records::StudyResult{}).tokens.size(), 10U);
}

}  // namespace
}  // namespace sojourn::report
