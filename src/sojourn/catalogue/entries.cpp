#include "sojourn/catalogue/entries.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::catalogue {
namespace {

Entry entry_of(const Head& row, const AssumedShare& assumed) {
  Entry e;
  e.id = row.id;
  e.name = row.name;
  e.row_class = row.row_class;
  e.kind = row.row_class;
  e.summary = row.summary;
  e.inventory = row.inventory;
  e.citations = row.citations;
  e.assumed = assumed;
  return e;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string haystack(const Entry& e) {
  std::string all = e.id + ' ' + e.name + ' ' + e.row_class + ' ' + e.modality + ' ' + e.nuclide +
                    ' ' + e.summary;
  for (const auto* list : {&e.inventory, &e.aliases})
    for (const auto& word : *list) all += ' ' + word;
  return lower(all);
}

}  // namespace

std::vector<Entry> entries(const Tables& tables) {
  std::vector<Entry> all;
  for (const auto& [id, m] : tables.methods) {
    Entry e = entry_of(m, assumed_share(m));
    e.kind = m.kind;
    e.modality = m.modality;
    e.nuclide = m.nuclide;
    all.push_back(std::move(e));
  }
  const auto add = [&](const auto& rows) {
    for (const auto& [id, row] : rows) all.push_back(entry_of(row, assumed_share(row)));
  };
  add(tables.vectors);
  add(tables.models);
  for (const auto& [id, s] : tables.scanners) {
    all.push_back(entry_of(s, assumed_share(s)));
    all.back().modality = s.modality;
  }
  for (const auto& [id, c] : tables.cells) {
    all.push_back(entry_of(c, assumed_share(c)));
    all.back().aliases = c.aliases;
  }
  for (const auto& [id, t] : tables.targets) {
    all.push_back(entry_of(t, assumed_share(t)));
    all.back().aliases = t.aliases;
  }
  for (const auto& name : nuclide::known()) {
    const auto& n = nuclide::find(name);
    Entry e;
    e.id = e.name = e.nuclide = n.name;
    e.row_class = e.kind = "nuclide";
    e.modality = n.modality;
    e.summary = n.summary;
    e.inventory = n.inventory;
    e.citations = n.citations;
    all.push_back(std::move(e));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Entry& a, const Entry& b) { return a.row_class < b.row_class; });
  return all;
}

std::vector<Entry> search(const std::vector<Entry>& all, std::string_view text) {
  std::istringstream words{lower(text)};
  std::vector<std::string> wanted;
  for (std::string word; words >> word;) wanted.push_back(word);
  std::vector<Entry> found;
  for (const auto& e : all) {
    const std::string hay = haystack(e);
    if (std::all_of(wanted.begin(), wanted.end(),
                    [&](const std::string& w) { return hay.find(w) != std::string::npos; }))
      found.push_back(e);
  }
  return found;
}

std::string find_id(const Tables& tables, const std::string& word) {
  const auto all = entries(tables);
  std::vector<std::string> ids, in_row;
  for (const auto& e : all) {
    if (e.id == word) return e.id;
    ids.push_back(e.id);
    if (std::find(e.inventory.begin(), e.inventory.end(), word) != e.inventory.end())
      in_row.push_back(e.id);
  }
  if (const auto nuclide = nuclide::canonical_name(word);
      nuclide && std::find(ids.begin(), ids.end(), *nuclide) != ids.end())
    return *nuclide;
  if (in_row.size() == 1) return in_row.front();
  if (!in_row.empty())
    refuse("the inventory row {} has several rows here: {}", word, fmt::join(in_row, ", "));
  const auto near = core::nearest_name(word, ids);
  refuse("the catalogue has no row \"{}\"{}; `sojourn catalogue search` finds rows by words", word,
         near ? "; did you mean \"" + *near + "\"?" : std::string());
}

}  // namespace sojourn::catalogue
