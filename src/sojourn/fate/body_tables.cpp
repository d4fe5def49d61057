#include "sojourn/fate/body_tables.h"

#include <algorithm>
#include <array>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tsv.h"

namespace sojourn::fate {
namespace {

constexpr const char* kFolder = "fate/species_2026";
constexpr std::array<const char*, 5> kQuantities{"share", "residence_h", "start_fraction",
                                                 "debris_moves", "debris_remainder"};

core::Tsv read(const std::string& name) {
  const auto path = core::data_dir() / kFolder / name;
  return core::Tsv::parse(core::read_file(path), name);
}

TableValue value_of(const core::Tsv& table, std::size_t row, const char* column) {
  const auto number = table.number(row, column);
  if (!number || !(*number >= 0))
    refuse("{}: {}: not a number of at least 0", table.where(row), column);
  const auto& basis = table.at(row, "basis");
  if (basis != "published" && basis != "derived" && basis != "assumed")
    refuse("{}: basis: \"{}\" is none of published, derived, assumed", table.where(row), basis);
  const auto& citation = table.at(row, "citation");
  if (citation == "n/a" && basis != "assumed")
    refuse("{}: citation: a {} number needs one", table.where(row), basis);
  return {*number, basis, citation == "n/a" ? "" : citation, table.at(row, "note")};
}

void keep(std::map<std::string, TableValue>& map, const core::Tsv& table, std::size_t row,
          const std::string& key, TableValue value) {
  if (!map.emplace(key, std::move(value)).second)
    refuse("{}: {} stands twice", table.where(row), key);
}

void read_all(std::map<std::string, std::string>& class_of_cells,
              std::map<std::string, TableValue>& traffic, std::map<std::string, TableValue>& body) {
  const auto classes = read("classes.tsv");
  for (std::size_t i = 0; i < classes.rows(); ++i)
    if (!class_of_cells.emplace(classes.at(i, "cells"), classes.at(i, "class")).second)
      refuse("{}: {} stands twice", classes.where(i), classes.at(i, "cells"));
  const auto cells = read("trafficking.tsv");
  for (std::size_t i = 0; i < cells.rows(); ++i) {
    const auto& quantity = cells.at(i, "quantity");
    if (std::find(kQuantities.begin(), kQuantities.end(), quantity) == kQuantities.end())
      refuse("{}: quantity: \"{}\" is not known", cells.where(i), quantity);
    keep(traffic, cells, i,
         fmt::format("{}/{}/{}/{}", cells.at(i, "class"), cells.at(i, "species"),
                     cells.at(i, "site"), quantity),
         value_of(cells, i, "value"));
  }
  const auto ways = read("body.tsv");
  for (std::size_t i = 0; i < ways.rows(); ++i)
    keep(body, ways, i, ways.at(i, "species") + "/" + ways.at(i, "quantity"),
         value_of(ways, i, "value_h"));
}

}  // namespace

const BodyTables& BodyTables::shipped() {
  static const BodyTables tables = [] {
    BodyTables t;
    read_all(t.class_of_cells_, t.traffic_, t.body_);
    return t;
  }();
  return tables;
}

const std::string& BodyTables::class_of(const std::vector<std::string>& kin) const {
  for (const auto& id : kin)
    if (const auto at = class_of_cells_.find(id); at != class_of_cells_.end()) return at->second;
  refuse(
      "how {} move through the body is not known (data/fate/species_2026/classes.tsv): add a row",
      kin.empty() ? "these cells" : kin.front());
}

const TableValue* BodyTables::find(const std::string& cells_class, const std::string& species,
                                   const std::string& site, const std::string& quantity) const {
  const std::string any = "any";
  for (const auto* of : {&cells_class, &any})
    for (const auto* in : {&species, &any}) {
      const auto at = traffic_.find(fmt::format("{}/{}/{}/{}", *of, *in, site, quantity));
      if (at != traffic_.end()) return &at->second;
    }
  return nullptr;
}

const TableValue& BodyTables::hours(const std::string& species, const std::string& quantity) const {
  for (const std::string& in : {species, std::string("any")})
    if (const auto at = body_.find(in + "/" + quantity); at != body_.end()) return at->second;
  refuse("data/fate/species_2026/body.tsv has no {} for {}", quantity, species);
}

std::vector<std::string> BodyTables::classes() const {
  std::set<std::string> all;
  for (const auto& [cells, name] : class_of_cells_) all.insert(name);
  return {all.begin(), all.end()};
}

}  // namespace sojourn::fate
