#include "sojourn/catalogue/catalogue_table.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "sojourn/catalogue/read_rows.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"

namespace sojourn::catalogue {
namespace {

namespace fs = std::filesystem;
using core::TableReader;

std::vector<fs::path> toml_files(const fs::path& folder) {
  if (!fs::is_directory(folder))
    refuse("the catalogue is incomplete (no folder \"{}\"): set SOJOURN_DATA to the data folder",
           folder.filename().string());
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// What to do with a malformed file: throw on, or note it and read the next.
using OnError = std::function<void(const Error&)>;

template <typename Row>
void read_row(const fs::path& folder, const fs::path& file, std::map<std::string, Row>& rows,
              Row (*read)(TableReader&, const std::string&)) {
  const std::string source = (folder.filename() / fs::relative(file, folder)).string();
  const core::Tree tree = core::parse_toml(core::read_file(file, 1 << 20), source);
  TableReader in(tree, source);
  Row row = read(in, file.stem().string());
  const std::string id = row.id;
  if (!rows.emplace(id, std::move(row)).second)
    in.fail("id", fmt::format("\"{}\" stands twice", id));
}

template <typename Row>
std::map<std::string, Row> read_rows(const fs::path& folder, const OnError& on_error,
                                     Row (*read)(TableReader&, const std::string&)) {
  std::map<std::string, Row> rows;
  for (const auto& file : toml_files(folder)) {
    try {
      read_row(folder, file, rows, read);
    } catch (const Error& error) {
      on_error(error);
    }
  }
  return rows;
}

void read_references(const fs::path& file, std::map<std::string, Reference>& all) {
  const std::string source = file.filename().string();
  const core::Tree tree = core::parse_toml(core::read_file(file, 1 << 22), source);
  TableReader in(tree, source);
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

/// Own id and the parents', each once (a circle ends the line).
void link_kin(std::map<std::string, Cell>& cells) {
  for (auto& [id, cell] : cells) {
    const Cell* at = &cell;
    while (std::find(cell.kin.begin(), cell.kin.end(), at->id) == cell.kin.end()) {
      cell.kin.push_back(at->id);
      const auto parent = cells.find(at->parent);
      if (parent == cells.end()) break;
      at = &parent->second;
    }
  }
}

/// Cells bear what the wider kinds bear, unless their own row says otherwise.
void inherit_markers(std::map<std::string, Cell>& cells) {
  for (auto& [id, cell] : cells)
    for (const auto& wider : cell.kin)
      for (const auto& marker : std::vector<Marker>(cells.at(wider).markers))
        if (cell.marker(marker.target) == nullptr) cell.markers.push_back(marker);
}

Tables read_all(const fs::path& data, const OnError& on_error) {
  const fs::path rows = data / "catalogue";
  Tables tables;
  tables.methods = read_rows(rows / "methods", on_error, read_method);
  tables.cells = read_rows(rows / "cells", on_error, read_cell);
  link_kin(tables.cells);
  inherit_markers(tables.cells);
  tables.targets = read_rows(rows / "targets", on_error, read_target);
  tables.vectors = read_rows(rows / "vectors", on_error, read_vector);
  tables.scanners = read_rows(rows / "scanners", on_error, read_scanner);
  tables.models = read_rows(rows / "models", on_error, read_model);
  for (const auto& file : toml_files(data / "references")) {
    try {
      read_references(file, tables.references);
    } catch (const Error& error) {
      on_error(error);
    }
  }
  return tables;
}

}  // namespace

Tables read_tables(const fs::path& data) {
  return read_all(data, [](const Error& error) { throw error; });
}

Tables read_tables(const fs::path& data, std::vector<std::string>& problems) {
  return read_all(data, [&](const Error& error) { problems.emplace_back(error.what()); });
}

}  // namespace sojourn::catalogue
