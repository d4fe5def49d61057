#include "sojourn/nuclide/nuclide.h"

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/nuclide/nuclide_table.h"

namespace sojourn::nuclide {
namespace {

const std::map<std::string, Nuclide, std::less<>>& tables() {
  static const auto read = read_tables(core::data_dir() / "nuclide");
  return read;
}

}  // namespace

const Nuclide& find(std::string_view name) {
  const auto canonical = canonical_name(name);
  const auto row = tables().find(canonical ? *canonical : std::string(name));
  if (row == tables().end())
    refuse("no decay data for the nuclide \"{}\"{}", name,
           core::suggestion(canonical.value_or(std::string(name)), known()));
  return row->second;
}

std::vector<std::string> known() {
  std::vector<std::string> names;
  for (const auto& [name, row] : tables()) names.push_back(name);
  return names;
}

}  // namespace sojourn::nuclide
