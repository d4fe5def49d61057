#include "sojourn/catalogue/catalogue_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::catalogue {
namespace {

namespace fs = std::filesystem;
using core::TableReader;

/// A parameter that rows may hold: its name in files, its name in the program with the native unit,
/// its dimension (none: a part of a whole, between 0 and 1).
struct Vocabulary {
  std::string name, key;
  std::optional<units::Dimension> dimension;
};

const std::array<Vocabulary, 10> kMethodParameters{{
    {"efflux", "efflux_per_s", units::Dimension::rate},
    {"phagocytosed_fraction", "phagocytosed_fraction", {}},
    {"debris_release", "debris_release_per_s", units::Dimension::rate},
    {"free_clearance", "free_clearance_per_s", units::Dimension::rate},
    {"bone_fraction", "bone_fraction", {}},
    {"bone_fraction_deferoxamine", "bone_fraction_deferoxamine", {}},
    {"liver_fraction", "liver_fraction", {}},
    {"kidney_fraction", "kidney_fraction", {}},
    {"excreted_fraction", "excreted_fraction", {}},
    {"excreted_fraction_deferoxamine", "excreted_fraction_deferoxamine", {}},
}};

const std::array<Vocabulary, 4> kCellParameters{{
    {"division", "division_per_s", units::Dimension::rate},
    {"death", "death_per_s", units::Dimension::rate},
    {"infused_dead_liver_fraction", "infused_dead_liver_fraction", {}},
    {"infused_dead_spleen_fraction", "infused_dead_spleen_fraction", {}},
}};

const std::array<std::string, 7> kKinds{"ex-vivo-label",    "targeted-probe",    "reporter-gene",
                                        "metabolic-tracer", "in-vivo-labelling", "magnetic-label",
                                        "optical-label"};
const std::array<std::string, 6> kModalities{"PET", "SPECT",           "MRI",
                                             "MPI", "bioluminescence", "fluorescence"};

const Vocabulary& vocabulary_of(const TableReader& in, const std::string& name,
                                std::span<const Vocabulary> known) {
  const auto word =
      std::find_if(known.begin(), known.end(), [&](const Vocabulary& v) { return v.name == name; });
  if (word != known.end()) return *word;
  std::vector<std::string> names;
  for (const auto& v : known) names.push_back(v.name);
  in.fail(name, "is no parameter of this table" + core::suggestion(name, names));
}

Sourced read_parameter(TableReader in, const Vocabulary& word) {
  Sourced result;
  if (word.dimension) {
    result.value = in.need(units::quantity(in, "value", *word.dimension), "value");
    if (result.value < 0) in.fail("value", "is negative");
  } else {
    result.value = in.need(in.number("value"), "value");
    if (result.value < 0 || result.value > 1) in.fail("value", "is a fraction: between 0 and 1");
  }
  result.relative_sd = in.need(in.number("relative_sd"), "relative_sd");
  if (!(result.relative_sd >= 0 && result.relative_sd <= 3))
    in.fail("relative_sd", "lies outside [0, 3]");
  result.citation = in.need(in.text("citation"), "citation");
  result.note = in.need(in.text("note"), "note");
  in.finish();
  return result;
}

std::map<std::string, Sourced> read_parameters(TableReader& in, std::span<const Vocabulary> known) {
  std::map<std::string, Sourced> result;
  auto table = in.table("parameters");
  if (!table) return result;
  for (const auto& [name, unused] : table->members()) {
    const Vocabulary& word = vocabulary_of(*table, name, known);
    result.emplace(word.key, read_parameter(table->need(table->table(name), name), word));
  }
  return result;
}

bool is_inventory_row(const std::string& text) {  // "EX-01"
  return text.size() == 5 && std::isupper(static_cast<unsigned char>(text[0])) != 0 &&
         std::isupper(static_cast<unsigned char>(text[1])) != 0 && text[2] == '-' &&
         std::isdigit(static_cast<unsigned char>(text[3])) != 0 &&
         std::isdigit(static_cast<unsigned char>(text[4])) != 0;
}

template <typename Row>
void read_common(TableReader& in, Row& row, const fs::path& file) {
  row.id = in.need(in.text("id"), "id");
  if (file.stem() != row.id)
    in.fail("id", fmt::format("\"{}\" must be the name of the file", row.id));
  row.name = in.need(in.text("name"), "name");
  row.citations = in.texts("citations");
  if (row.citations.empty()) in.fail("citations", "is missing");
  row.summary = in.need(in.text("summary"), "summary");
}

Method read_method(TableReader& in, const fs::path& file) {
  Method method;
  read_common(in, method, file);
  method.kind = in.need(in.choice("kind", kKinds), "kind");
  method.modality = in.need(in.choice("modality", kModalities), "modality");
  method.nuclide = in.text("nuclide").value_or("");
  if (!method.nuclide.empty() && nuclide::canonical_name(method.nuclide) != method.nuclide)
    in.fail("nuclide",
            fmt::format("\"{}\" is no nuclide's name (as in \"Zr-89\")", method.nuclide));
  method.inventory = in.texts("inventory");
  for (const auto& row : method.inventory)
    if (!is_inventory_row(row))
      in.fail("inventory", fmt::format("\"{}\" is no row of the inventory (as in \"EX-01\")", row));
  method.parameters = read_parameters(in, kMethodParameters);
  in.finish();
  return method;
}

Cell read_cell(TableReader& in, const fs::path& file) {
  Cell cell;
  read_common(in, cell, file);
  cell.parameters = read_parameters(in, kCellParameters);
  in.finish();
  return cell;
}

std::vector<fs::path> toml_files(const fs::path& folder) {
  if (!fs::is_directory(folder))
    refuse("the catalogue is incomplete (no folder \"{}\"): set SOJOURN_DATA to the data folder",
           folder.filename().string());
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

template <typename Row>
std::map<std::string, Row> read_rows(const fs::path& folder,
                                     Row (*read)(TableReader&, const fs::path&)) {
  std::map<std::string, Row> rows;
  for (const auto& file : toml_files(folder)) {
    const core::Tree tree =
        core::parse_toml(core::read_file(file, 1 << 20), file.filename().string());
    TableReader in(tree, file.filename().string());
    Row row = read(in, file);
    rows.emplace(row.id, std::move(row));
  }
  return rows;
}

void read_references(const fs::path& file, std::map<std::string, Reference>& all) {
  const core::Tree tree =
      core::parse_toml(core::read_file(file, 1 << 22), file.filename().string());
  TableReader in(tree, file.filename().string());
  for (auto& row : in.tables("reference")) {
    Reference reference{row.need(row.text("key"), "key"), row.need(row.text("text"), "text"),
                        row.text("doi").value_or("")};
    row.finish();
    if (reference.key.empty() || reference.text.empty())
      row.fail("key", "key and text must not be empty");
    if (!all.emplace(reference.key, reference).second)
      row.fail("key", fmt::format("\"{}\" stands twice", reference.key));
  }
  in.finish();
}

template <typename Row>
void resolve_citations(const std::map<std::string, Row>& rows,
                       const std::map<std::string, Reference>& references) {
  const auto check = [&](const std::string& id, const std::string& key) {
    if (!references.contains(key))
      refuse("{}.toml: the reference \"{}\" is unknown: add it to data/references", id, key);
  };
  for (const auto& [id, row] : rows) {
    for (const auto& key : row.citations) check(id, key);
    for (const auto& [name, parameter] : row.parameters) check(id, parameter.citation);
  }
}

}  // namespace

Tables read_tables(const fs::path& data) {
  Tables tables;
  tables.methods = read_rows(data / "catalogue" / "methods", read_method);
  tables.cells = read_rows(data / "catalogue" / "cells", read_cell);
  if (!fs::is_directory(data / "references"))
    refuse(
        "the catalogue is incomplete (no folder \"references\"): set SOJOURN_DATA to the data "
        "folder");
  for (const auto& set : fs::directory_iterator(data / "references"))
    if (set.is_directory())
      for (const auto& file : toml_files(set.path())) read_references(file, tables.references);
  resolve_citations(tables.methods, tables.references);
  resolve_citations(tables.cells, tables.references);
  return tables;
}

}  // namespace sojourn::catalogue
