#include <toml++/toml.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"

namespace sojourn::core {
namespace {

ClockTime clock_of(const toml::date_time& value) {
  // Formatted and read back: one calendar in the house.
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}", value.date.year,
                                 value.date.month, value.date.day, value.time.hour,
                                 value.time.minute, value.time.second, value.time.nanosecond);
  ClockTime clock = parse_iso(text).value();
  if (value.offset) clock.offset_min = value.offset->minutes;
  return clock;
}

Tree convert(const toml::node& node, const std::string& source) {
  const int line = static_cast<int>(node.source().begin.line);
  Tree tree;
  if (const auto* table = node.as_table()) {
    tree = Tree::table();
    constexpr std::size_t kMostMembers = 10000;  // a table is searched name by name
    if (table->size() > kMostMembers)
      refuse("{}:{}: over {} names in one table", source, line, kMostMembers);
    for (const auto& [key, value] : *table) {
      tree.set(std::string(key.str()), convert(value, source));
    }
  } else if (const auto* array = node.as_array()) {
    tree = Tree::array();
    for (const auto& value : *array) tree.push(convert(value, source));
  } else if (const auto* text = node.as_string()) {
    tree = Tree(text->get());
  } else if (const auto* integer = node.as_integer()) {
    tree = Tree(integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    if (!std::isfinite(real->get())) {
      refuse("{}:{}: a number must be finite; leave the field out where it is unknown", source,
             line);
    }
    tree = Tree(real->get());
  } else if (const auto* flag = node.as_boolean()) {
    tree = Tree(flag->get());
  } else if (const auto* moment = node.as_date_time()) {
    tree = Tree::datetime(clock_of(moment->get()));
  } else {
    refuse("{}:{}: a date or a time alone says too little; write both, as 2026-03-02T10:15:00Z",
           source, line);
  }
  tree.set_line(line);
  return tree;
}

/// What usually lies behind a parser's complaint.
std::string_view remedy(std::string_view what) {
  const auto says = [&](std::string_view part) { return what.find(part) != what.npos; };
  if (says("parsing time") || says("parsing date"))
    return "write date and time as 2026-03-02T10:15:00Z";
  if (says("redefine"))
    return "each table and each field may stand once: put its lines together or rename one";
  if (says("expected a comment or whitespace"))
    return "put texts and quantities with units in quotes, as \"0.26 MBq\"";
  return "correct this line";
}

}  // namespace

Tree parse_toml(std::string_view text, const std::string& source) {
  constexpr std::size_t kLimit = 1 << 20;
  if (text.size() > kLimit) refuse("{}: over 1 MiB; this is no study file", source);
  try {
    const toml::table document = toml::parse(text, source);
    return convert(document, source);
  } catch (const toml::parse_error& e) {
    const std::string what(e.description());
    refuse("{}:{}: not valid TOML ({}); {}", source, e.source().begin.line, what, remedy(what));
  }
}

}  // namespace sojourn::core
