#include "sojourn/core/toml_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "sojourn/core/error.h"

namespace sojourn::core {
namespace {

using Kind = Tree::Kind;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else if (u < 0x20 || u == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<int>(u));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string key_of(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? key : quoted(key);
}

std::string moment(const ClockTime& clock) {
  if (clock.offset_min) return format_iso(clock.utc_s());
  std::string local = format_iso(clock.local_s);
  local.pop_back();  // the Z: this clock states no zone
  return local;
}

std::string inline_value(const Tree& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.integer());
    case Kind::real: {
      const std::string text = fmt::format("{}", value.number());
      return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }
    case Kind::string:
      return quoted(value.text());
    case Kind::datetime:
      return moment(value.clock());
    case Kind::array: {
      std::string text;
      for (const auto& item : value.items())
        text += (text.empty() ? "" : ", ") + inline_value(item);
      return "[" + text + "]";
    }
    case Kind::table: {
      std::string text;
      for (const auto& [key, item] : value.members())
        if (!item.is_null())
          text += (text.empty() ? "" : ", ") + key_of(key) + " = " + inline_value(item);
      return "{" + text + "}";
    }
    case Kind::null:
      break;
  }
  SOJOURN_EXPECT(false && "null has no place in TOML");
  return {};
}

bool tables_only(const Tree& value) {
  return value.kind() == Kind::array && !value.items().empty() &&
         std::all_of(value.items().begin(), value.items().end(),
                     [](const Tree& item) { return item.kind() == Kind::table; });
}

void write_table(const Tree& table, const std::string& path, std::string& out) {
  for (const auto& [key, value] : table.members()) {
    if (value.is_null() || value.kind() == Kind::table || tables_only(value)) continue;
    out += key_of(key) + " = " + inline_value(value) + "\n";
  }
  for (const auto& [key, value] : table.members()) {
    const std::string here = path.empty() ? key_of(key) : path + "." + key_of(key);
    if (value.kind() == Kind::table) {
      out += "\n[" + here + "]\n";
      write_table(value, here, out);
    } else if (tables_only(value)) {
      for (const auto& item : value.items()) {
        out += "\n[[" + here + "]]\n";
        write_table(item, here, out);
      }
    }
  }
}

}  // namespace

std::string to_toml(const Tree& document) {
  SOJOURN_EXPECT(document.kind() == Kind::table);
  std::string out;
  write_table(document, "", out);
  return out;
}

}  // namespace sojourn::core
