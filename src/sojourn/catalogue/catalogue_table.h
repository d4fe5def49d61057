#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "sojourn/catalogue/catalogue.h"

/// The rows of data/catalogue, read and checked: unknown keys, missing citations, values out of
/// range and units of another dimension are refused with file, line and field.
namespace sojourn::catalogue {

struct Tables {
  std::map<std::string, Method> methods;
  std::map<std::string, Cell> cells;
  std::map<std::string, Reference> references;
};

/// @param data the data folder: catalogue/methods/ID.toml, catalogue/cells/ID.toml,
/// references/SET/*.toml.
[[nodiscard]] Tables read_tables(const std::filesystem::path& data);

}  // namespace sojourn::catalogue
