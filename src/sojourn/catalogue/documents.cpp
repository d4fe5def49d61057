#include "sojourn/catalogue/documents.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "sojourn/catalogue/entries.h"
#include "sojourn/catalogue/page.h"
#include "sojourn/catalogue/row_tree.h"

namespace sojourn::catalogue {
namespace {

constexpr const char* kMade =
    "Written by `sojourn catalogue pages` from `data/catalogue`; do not edit by hand.\n";

/// A cell of a Markdown table must not hold its separator.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\\|");
  return text;
}

std::string index(const std::vector<Entry>& all) {
  std::string text = fmt::format("# The catalogue\n\n{}\n", kMade);
  std::string last;
  for (const auto& e : all) {
    if (e.row_class != last)
      text += fmt::format(
          "\n## [{0}]({0}.md)\n\n| id | name | kind | modality | inventory | "
          "assumed |\n|---|---|---|---|---|---|\n",
          e.row_class);
    last = e.row_class;
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", e.id, cell(e.name),
                        e.kind == e.row_class ? "" : e.kind, e.modality,
                        fmt::format("{}", fmt::join(e.inventory, " ")),
                        e.assumed.fields > 0
                            ? fmt::format("{} of {}", e.assumed.assumed, e.assumed.fields)
                            : std::string());
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> documents(const Tables& tables) {
  std::map<std::string, std::string> files;
  const auto all = entries(tables);
  files["README.md"] = index(all);
  for (const auto& e : all) {
    auto& text = files[e.row_class + ".md"];
    if (text.empty()) text = fmt::format("# {}\n\n{}", e.row_class, kMade);
    text += '\n' + to_page(row_tree(tables, e.id), 2);
  }
  return files;
}

}  // namespace sojourn::catalogue
