#include "sojourn/core/toml_text.h"

#include <gtest/gtest.h>

namespace sojourn::core {
namespace {

TEST(TomlText, WhatWasReadIsWrittenAgain) {
  const char* text = R"(
flag = true
count = 7
"odd key" = "quote \" backslash \\ tab \t end"
half = 0.5
million = 1e6
big = 1e30
when = 2026-03-02T10:15:00.25Z
zone = 2026-03-02T10:15:00+01:00
local = 2026-03-02T10:15:00
list = [1, 2.5, "x"]
mixed = [{ a = 1 }, 2]
empty = []
[one]
x = "µg"
[one.two]
y = -1
[[many]]
z = 1
[[many]]
z = 2
[many.inner]
w = "deep"
)";
  const Tree first = parse_toml(text, "a.toml");
  const std::string written = to_toml(first);
  const Tree second = parse_toml(written, "b.toml");
  EXPECT_EQ(to_json(first), to_json(second));
  EXPECT_EQ(written, to_toml(second));
  // moments are compared as moments: JSON shows them as text
  EXPECT_EQ(first.find("when")->clock().utc_s(), second.find("when")->clock().utc_s());
  EXPECT_EQ(first.find("zone")->clock().utc_s(), second.find("zone")->clock().utc_s());
  EXPECT_FALSE(second.find("local")->clock().offset_min.has_value());
  EXPECT_EQ(second.find("million")->kind(), Tree::Kind::real);
}

TEST(TomlText, NullMembersAreLeftOut) {
  Tree table = Tree::table();
  table.set("a", Tree()).set("b", 1);
  EXPECT_EQ(to_toml(table), "b = 1\n");
}

}  // namespace
}  // namespace sojourn::core
