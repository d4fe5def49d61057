#include <fmt/format.h>

#include <algorithm>

#include "sojourn/core/time.h"
#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
namespace {

using core::Tree;

constexpr std::size_t kMostItems = 200;
constexpr int kDeepest = 40;

bool is_leaf(const Tree& t) {
  return t.kind() != Tree::Kind::array && t.kind() != Tree::Kind::table;
}

std::string leaf(const Tree& t) {
  switch (t.kind()) {
    case Tree::Kind::null:
      return "n/a";
    case Tree::Kind::boolean:
      return t.boolean() ? "yes" : "no";
    case Tree::Kind::integer:
      return fmt::format("{}", t.integer());
    case Tree::Kind::real:
      return fmt::format("{:.9g}", t.number());
    case Tree::Kind::string:
      return html_escape(t.text());
    case Tree::Kind::datetime:
      return html_escape(core::format_iso(t.clock().utc_s(0)));
    default:
      return {};
  }
}

std::string members(const Tree& t, int depth);

std::string branch(const std::string& name, const Tree& t, int depth) {
  const std::size_t n = t.kind() == Tree::Kind::array ? t.items().size() : t.members().size();
  return fmt::format(R"(<details><summary>{} <small>{}</small></summary>{}</details>)", name, n,
                     members(t, depth + 1));
}

std::string row(const std::string& name, const Tree& value) {
  std::string shown;
  if (value.kind() == Tree::Kind::array) {
    for (const auto& item : value.items()) shown += (shown.empty() ? "" : ", ") + leaf(item);
    if (shown.empty()) shown = "none";
  } else {
    shown = leaf(value);
  }
  return fmt::format(R"(<tr><th scope="row">{}</th><td>{}</td></tr>)", name, shown);
}

/// Short lists of plain values are shown in one line.
bool is_line(const Tree& t) {
  if (is_leaf(t)) return true;
  return t.kind() == Tree::Kind::array && t.items().size() <= 24 &&
         std::all_of(t.items().begin(), t.items().end(), is_leaf);
}

std::string members(const Tree& t, int depth) {
  if (depth > kDeepest) return "<p>deeper levels are in study.json</p>";
  std::vector<std::pair<std::string, const Tree*>> entries;
  if (t.kind() == Tree::Kind::array) {
    for (const auto& item : t.items())
      entries.emplace_back(fmt::format("{}", entries.size() + 1), &item);
  } else {
    for (const auto& [name, value] : t.members()) entries.emplace_back(html_escape(name), &value);
  }
  std::string rows, branches;
  std::size_t shown = 0;
  for (const auto& [name, value] : entries) {
    if (++shown > kMostItems) {
      branches += fmt::format("<p>{} more are in study.json</p>", entries.size() - kMostItems);
      break;
    }
    if (is_line(*value)) {
      rows += row(name, *value);
    } else {
      branches += branch(name, *value, depth);
    }
  }
  if (!rows.empty()) rows = R"(<table class="plain"><tbody>)" + rows + "</tbody></table>";
  return rows + branches;
}

}  // namespace

std::string provenance_section(const records::StudyResult& result) {
  if (is_leaf(result.provenance)) return {};
  return R"(<section class="provenance"><h2>Provenance</h2><details><summary>Inputs, versions, parameters and choices (study.json)</summary>)" +
         members(result.provenance, 0) + "</details></section>";
}

}  // namespace sojourn::report
