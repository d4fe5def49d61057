#include "sojourn/core/table_reader.h"

#include <gtest/gtest.h>

#include "shared/message_of.h"
#include "sojourn/core/error.h"

namespace sojourn::core {
namespace {

using test::message_of;

TEST(TableReader, ReadsEachKind) {
  const Tree tree = parse_toml(
      "text = \"x\"\nnumber = 2\nwhole = 3\nflag = true\nwhen = 2026-03-02T10:15:00Z\nlate = "
      "\"2026-03-02T10:15:00Z\"\n"
      "list = [1, 2.5]\nwords = [\"a\", \"b\"]\n[inner]\na = 1\n[[row]]\na = 2\n",
      "s.toml");
  TableReader in(tree, "s.toml");
  EXPECT_EQ(in.text("text"), "x");
  EXPECT_EQ(in.number("number"), 2.0);
  EXPECT_EQ(in.integer("whole"), 3);
  EXPECT_EQ(in.boolean("flag"), true);
  EXPECT_EQ(in.datetime("when")->utc_s(), in.datetime("late")->utc_s());
  EXPECT_EQ(in.numbers("list"), (std::vector{1.0, 2.5}));
  EXPECT_EQ(in.texts("words"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(in.table("inner")->integer("a"), 1);
  EXPECT_EQ(in.tables("row").at(0).integer("a"), 2);
  EXPECT_FALSE(in.text("absent"));
  EXPECT_NO_THROW(in.finish());
}

TEST(TableReader, MessagesNameFileLineAndField) {
  const Tree tree = parse_toml("[subject]\nid = 5\n[[scan]]\n[[scan]]\nx = \"no\"\n", "s.toml");
  TableReader in(tree, "s.toml");
  auto subject = in.table("subject");
  EXPECT_EQ(message_of([&] { (void)subject->text("id"); }),
            "s.toml:2: subject.id: must be a string in quotes, not an integer");
  auto scans = in.tables("scan");
  EXPECT_EQ(message_of([&] { (void)scans.at(1).number("x"); }).substr(0, 19),
            "s.toml:5: scan[2].x");
  EXPECT_NE(message_of([&] {
              (void)scans.at(0).need(scans.at(0).number("y"), "y");
            }).find("scan[1].y: missing"),
            std::string::npos);
}

TEST(TableReader, UnknownFieldsAreRefusedWithTheNearestName) {
  const Tree tree = parse_toml("specis = \"mouse\"\n", "s.toml");
  TableReader in(tree, "s.toml");
  (void)in.text("species");
  const auto text = message_of([&] { in.finish(); });
  EXPECT_NE(text.find("s.toml:1: specis: unknown field; did you mean \"species\"?"),
            std::string::npos)
      << text;
}

TEST(TableReader, UnknownChoicesAreRefusedWithTheNearest) {
  const Tree tree = parse_toml("species = \"mose\"\n", "s.toml");
  TableReader in(tree, "s.toml");
  const std::vector<std::string> known = {"mouse", "rat"};
  EXPECT_NE(message_of([&] { (void)in.choice("species", known); }).find("did you mean \"mouse\"?"),
            std::string::npos);
}

TEST(TableReader, ATableWhereOneIsExpected) {
  const Tree tree = parse_toml("scan = 3\n", "s.toml");
  TableReader in(tree, "s.toml");
  EXPECT_NE(message_of([&] { (void)in.tables("scan"); }).find("[[scan]]"), std::string::npos);
  EXPECT_NE(message_of([&] { (void)in.table("scan"); }).find("must be a table"), std::string::npos);
}

TEST(TableReader, JsonNullCountsAsMissing) {
  const Tree tree = parse_json("{\"a\": null}", "x.json");
  TableReader in(tree, "x.json");
  EXPECT_FALSE(in.has("a"));
  EXPECT_FALSE(in.number("a"));
}

}  // namespace
}  // namespace sojourn::core
