#include "sojourn/catalogue/catalogue.h"

#include "sojourn/catalogue/catalogue_table.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"

namespace sojourn::catalogue {
namespace {

const Tables& tables() {
  static const Tables read = read_tables(core::data_dir());
  return read;
}

template <typename Row>
std::vector<std::string> keys(const std::map<std::string, Row>& rows) {
  std::vector<std::string> result;
  for (const auto& [key, row] : rows) result.push_back(key);
  return result;
}

template <typename Row>
const Row& find(const std::map<std::string, Row>& rows, const std::string& id, const char* what) {
  const auto row = rows.find(id);
  if (row == rows.end())
    refuse("the catalogue has no {} \"{}\"{}", what, id, core::suggestion(id, keys(rows)));
  return row->second;
}

}  // namespace

const Method& method(const std::string& id) { return find(tables().methods, id, "method"); }
const Cell& cell(const std::string& id) { return find(tables().cells, id, "kind of cells"); }
const Reference& reference(const std::string& key) {
  return find(tables().references, key, "reference");
}
std::vector<std::string> method_ids() { return keys(tables().methods); }
std::vector<std::string> cell_ids() { return keys(tables().cells); }
std::vector<std::string> reference_keys() { return keys(tables().references); }

}  // namespace sojourn::catalogue
