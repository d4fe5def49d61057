#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sojourn/catalogue/rows.h"

/// The rows of data/catalogue, read and checked: unknown keys, missing citations, values out of
/// range and units of another dimension are refused with file, line and field.
namespace sojourn::catalogue {

struct Tables {
  std::map<std::string, Method> methods;
  std::map<std::string, Cell> cells;
  std::map<std::string, Target> targets;
  std::map<std::string, Vector> vectors;
  std::map<std::string, Scanner> scanners;
  std::map<std::string, Model> models;
  std::map<std::string, Reference> references;
};

/// @param data the data folder: catalogue/methods/**/ID.toml, catalogue/cells/ID.toml…,
/// references/SET/*.toml. Cross-references are not followed here: see check.h.
[[nodiscard]] Tables read_tables(const std::filesystem::path& data);

/// The same, with what is wrong collected: one message for each malformed file, the rest is read.
[[nodiscard]] Tables read_tables(const std::filesystem::path& data,
                                 std::vector<std::string>& problems);

}  // namespace sojourn::catalogue
