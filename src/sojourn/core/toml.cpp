#include <toml++/toml.h>

#include <algorithm>
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

/// The end of a quoted text that starts at `at`; the text's end where it is not closed.
std::size_t after_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool many_lines = text.substr(at, 3) == three;
  std::size_t i = at + (many_lines ? 3 : 1);
  while (i < text.size()) {
    if (quote == '"' && text[i] == '\\') {
      i += 2;
    } else if (many_lines ? text.substr(i, 3) == three : text[i] == quote) {
      i += many_lines ? 3 : 1;
      while (many_lines && i < text.size() && text[i] == quote)
        ++i;  // quotes before the last three
      return i;
    } else if (!many_lines && text[i] == '\n') {
      return i;  // the parser says what is wrong
    } else {
      ++i;
    }
  }
  return text.size();
}

/// TOML has other than ASCII only in quotes and comments; toml++ 3.3 meets some such characters
/// after a number with undefined behaviour (a fuzzer's find), so they are refused before it.
void refuse_bare_unicode(std::string_view text, const std::string& source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::size_t i = text.substr(0, 3) == kByteOrderMark ? 3 : 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      i = after_quotes(text, i);
    } else if ((static_cast<unsigned char>(c) & 0x80U) != 0) {
      const auto line =
          1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n');
      refuse(
          "{}:{}: not valid TOML (a letter or sign beyond ASCII stands outside quotes); put the "
          "text in quotes, or write the sign in ASCII",
          source, line);
    } else {
      ++i;
    }
  }
}

}  // namespace

Tree parse_toml(std::string_view text, const std::string& source) {
  constexpr std::size_t kLimit = 1 << 20;
  if (text.size() > kLimit) refuse("{}: over 1 MiB; this is no study file", source);
  refuse_bare_unicode(text, source);
  try {
    const toml::table document = toml::parse(text, source);
    return convert(document, source);
  } catch (const toml::parse_error& e) {
    const std::string what(e.description());
    refuse("{}:{}: not valid TOML ({}); {}", source, e.source().begin.line, what, remedy(what));
  }
}

}  // namespace sojourn::core
