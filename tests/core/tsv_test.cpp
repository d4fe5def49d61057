#include "sojourn/core/tsv.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "shared/message_of.h"
#include "sojourn/core/error.h"

namespace sojourn::core {
namespace {

using test::message_of;

TEST(Tsv, ReadsCellsCommentsAndWindowsLineEnds) {
  const auto table =
      Tsv::parse("# growth\r\ntime_h\tcells\r\n\r\n0\t1e5\r\n# later\n24\tn/a\n", "growth.tsv");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.number(0, "cells"), 1e5);
  EXPECT_FALSE(table.number(1, "cells"));
  EXPECT_EQ(table.where(1), "growth.tsv:6");
}

TEST(Tsv, AMissingLastLineEndIsNoTrouble) {
  EXPECT_EQ(Tsv::parse("a\tb\n1\t2", "x.tsv").rows(), 1U);
}

TEST(Tsv, RowsOfAnotherWidthNameTheirLine) {
  EXPECT_EQ(message_of([] { (void)Tsv::parse("a\tb\n1\t2\n1\n", "x.tsv"); }).substr(0, 8),
            "x.tsv:3:");
  EXPECT_NE(message_of([] { (void)Tsv::parse("", "x.tsv"); }).find("empty table"),
            std::string::npos);
}

TEST(Tsv, AWrongColumnProposesTheNearest) {
  const auto table = Tsv::parse("time_h\tcells\n0\t1\n", "x.tsv");
  EXPECT_NE(message_of([&] { (void)table.at(0, "cell"); }).find("did you mean \"cells\""),
            std::string::npos);
}

TEST(Tsv, ACellThatIsNoNumberNamesItsPlace) {
  const auto table = Tsv::parse("a\n1,5\n", "x.tsv");
  const auto text = message_of([&] { (void)table.number(0, "a"); });
  EXPECT_NE(text.find("x.tsv:2"), std::string::npos) << text;
  EXPECT_NE(text.find("1,5"), std::string::npos) << text;
}

TEST(Tsv, TabsAndLineEndsInCellsBecomeBlanks) {
  Tsv table({"a", "b"});
  table.add({"x\ty", "1\n2"});
  const auto back = Tsv::parse(table.to_text(), "x.tsv");
  EXPECT_EQ(back.at(0, "a"), "x y");
  EXPECT_EQ(back.at(0, "b"), "1 2");
}

TEST(Number, ReadsDecimalsIndependentOfTheLocale) {
  EXPECT_EQ(parse_number("1.5"), 1.5);
  EXPECT_EQ(parse_number(" +2e3 "), 2000);
  for (const char* text :
       {"", "1,5", "1.5x", "nan", "inf", "-inf", "1e999", "0x10", "++1", "+-1", "1 2"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Number, WritesMissingAndZeroPlainly) {
  EXPECT_EQ(format_number(std::nullopt), "n/a");
  EXPECT_EQ(format_number(std::nan("")), "n/a");
  EXPECT_EQ(format_number(INFINITY), "n/a");
  EXPECT_EQ(format_number(-0.0), "0");
  EXPECT_EQ(format_number(1.0 / 3.0, 3), "0.333");
}

RC_GTEST_PROP(NumberProperty, SeventeenDigitsRoundTrip, (double value)) {
  RC_PRE(std::isfinite(value));
  RC_ASSERT(parse_number(format_number(value, 17)) == value);
}

RC_GTEST_PROP(TsvProperty, WrittenTablesReadBack, ()) {
  const auto cell = rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z'));
  Tsv table({"first", "second"});
  const auto rows = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(cell, cell));
  // A row of empty cells alone is a blank line only with one column; two columns keep their tab.
  for (const auto& [a, b] : rows) table.add({a, b});
  const auto back = Tsv::parse(table.to_text(), "x.tsv");
  RC_ASSERT(back.rows() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RC_ASSERT(back.at(i, "first") == rows[i].first);
    RC_ASSERT(back.at(i, "second") == rows[i].second);
  }
}

RC_GTEST_PROP(TsvProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  try {
    (void)Tsv::parse(text, "x.tsv");
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace sojourn::core
