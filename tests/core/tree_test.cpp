#include "sojourn/core/tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "shared/message_of.h"
#include "sojourn/core/error.h"

namespace sojourn::core {
namespace {

using test::message_of;

TEST(Toml, ValuesKnowTheirLines) {
  const Tree tree = parse_toml(
      "a = 1\n\n[subject]\nid = \"M01\"\nmass = \"20 g\"\n[[scan]]\nx = 1.5\n", "s.toml");
  EXPECT_EQ(tree.find("a")->line(), 1);
  EXPECT_EQ(tree.find("subject")->find("mass")->line(), 5);
  const Tree& scan = tree.find("scan")->items().at(0);
  EXPECT_EQ(scan.find("x")->line(), 7);
  EXPECT_EQ(scan.find("x")->number(), 1.5);
}

TEST(Toml, DatesKeepTheirZone) {
  const Tree tree =
      parse_toml("a = 2026-03-02T10:15:00+01:00\nb = 2026-03-02T10:15:00\n", "s.toml");
  EXPECT_EQ(tree.find("a")->clock().utc_s(), 1772446500 - 3600);
  EXPECT_FALSE(tree.find("b")->clock().offset_min);
}

TEST(Toml, ErrorsNameFileAndLine) {
  EXPECT_EQ(message_of([] { (void)parse_toml("a = 1\nb = = 2\n", "s.toml"); }).substr(0, 9),
            "s.toml:2:");
  EXPECT_EQ(message_of([] { (void)parse_toml("a = 1\na = 2\n", "s.toml"); }).substr(0, 9),
            "s.toml:2:");
  EXPECT_EQ(message_of([] { (void)parse_toml("a = inf\n", "s.toml"); }).substr(0, 9), "s.toml:1:");
  EXPECT_EQ(message_of([] { (void)parse_toml("\na = 10:15:00\n", "s.toml"); }).substr(0, 9),
            "s.toml:2:");
  EXPECT_NE(message_of([] { (void)parse_toml(std::string((1 << 20) + 1, ' '), "s.toml"); }), "");
}

TEST(Toml, DeepNestingIsRefusedNotACrash) {
  EXPECT_NE(message_of([] { (void)parse_toml("a = " + std::string(100000, '['), "s.toml"); }), "");
}

// U+0362 after a number makes toml++ 3.3 run into code that it marks as unreachable.
TEST(Toml, SignsBeyondAsciiStandInQuotesOrCommentsOnly) {
  const auto said = [](const char* text) {
    return message_of([&] { (void)parse_toml(text, "s.toml"); });
  };
  EXPECT_EQ(said("a = 1\nb = [0, 1.8\xCD\xA2]\n").substr(0, 26), "s.toml:2: not valid TOML (");
  EXPECT_EQ(said("\xC3\xA9 = 1\n").substr(0, 9), "s.toml:1:");
  const auto tree = parse_toml(
      "\xEF\xBB\xBF# \xC2\xB5 in a comment\n"
      "a = \"\xC2\xB5 \\\" '\" # \xC2\xB5\n"
      "b = '\xC2\xB5 \\'\n"
      "c = \"\"\"\xC2\xB5 \"x\"\n\xC2\xB5\"\"\"\"\n"
      "d = '''\xC2\xB5\n'''\n",
      "s.toml");
  EXPECT_EQ(tree.find("a")->text(), "\xC2\xB5 \" '");
  EXPECT_EQ(tree.find("b")->text(), "\xC2\xB5 \\");
  EXPECT_EQ(tree.find("c")->text(), "\xC2\xB5 \"x\"\n\xC2\xB5\"");
  EXPECT_EQ(tree.find("d")->text(), "\xC2\xB5\n");
}

TEST(Json, ValuesKnowTheirLinesAndOrder) {
  const Tree tree = parse_json("{\"b\": 1,\n \"a\": [true,\n null, 2.5, \"x\"]}", "x.json");
  EXPECT_EQ(tree.members().at(0).first, "b");
  EXPECT_EQ(tree.find("a")->line(), 2);
  EXPECT_EQ(tree.find("a")->items().at(2).number(), 2.5);
  EXPECT_EQ(tree.find("a")->items().at(3).line(), 3);
}

TEST(Json, ErrorsNameFileAndLine) {
  EXPECT_EQ(message_of([] { (void)parse_json("{\n\"a\": }", "x.json"); }).substr(0, 9),
            "x.json:2:");
  for (const char* text : {"", "{", "[1,]", "{\"a\":1}x", "nul", "\"\xff\"", "1e999", "[NaN]"}) {
    EXPECT_NE(message_of([&] { (void)parse_json(text, "x.json"); }), "") << text;
  }
  EXPECT_NE(message_of([] { (void)parse_json(std::string(100000, '['), "x.json"); }).find("nested"),
            std::string::npos);
}

TEST(Json, ManyNamesAreRefusedNotSlow) {
  std::string json = "{", toml;
  for (int i = 0; i < 100000; ++i) {
    json += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
    toml += "k" + std::to_string(i) + "=1\n";
  }
  EXPECT_NE(message_of([&] { (void)parse_json(json + "}", "x.json"); }).find("over 10000 names"),
            std::string::npos);
  EXPECT_NE(message_of([&] { (void)parse_toml(toml, "x.toml"); }), "");
}

TEST(Json, LargeIntegersBecomeReal) {
  EXPECT_EQ(parse_json("9223372036854775807", "x").integer(),
            std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_json("18446744073709551615", "x").number(), 18446744073709551615.0);
}

TEST(Json, WhatIsNotFiniteIsNull) {
  EXPECT_TRUE(Tree(std::nan("")).is_null());
  EXPECT_EQ(to_json(Tree::table().set("a", Tree(INFINITY)).set("b", 1)),
            "{\n  \"a\": null,\n  \"b\": 1\n}\n");
}

TEST(Json, TextThatIsNotUtf8IsReplaced) {
  EXPECT_NE(to_json(Tree("a\xff")).find("\xef\xbf\xbd"), std::string::npos);
}

TEST(Tree, TypedAccessChecksTheKind) {
  EXPECT_THROW((void)Tree("x").number(), Error);
  EXPECT_THROW((void)Tree(1).text(), Error);
  EXPECT_THROW((void)Tree(1).find("a"), Error);
  EXPECT_EQ(Tree(3).number(), 3.0);
}

RC_GTEST_PROP(JsonProperty, WrittenNumbersReadBackExactly, (double value)) {
  RC_PRE(std::isfinite(value));
  RC_ASSERT(parse_json(to_json(Tree(value)), "x").number() == value);
}

RC_GTEST_PROP(JsonProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  try {
    (void)parse_json(text, "x.json");
  } catch (const Error&) {
  }
  try {
    (void)parse_toml(text, "x.toml");
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace sojourn::core
