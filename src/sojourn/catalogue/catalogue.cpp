#include "sojourn/catalogue/catalogue.h"

#include "sojourn/catalogue/check.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"

namespace sojourn::catalogue {
namespace {

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

Tables read_and_check() {
  Tables read = read_tables(core::data_dir());
  const auto problems = cross_reference_problems(read);
  if (!problems.empty()) refuse("{}", problems.front());
  return read;
}

}  // namespace

const Tables& tables() {
  static const Tables read = read_and_check();
  return read;
}

const Method& method(const std::string& id) { return find(tables().methods, id, "method"); }
const Cell& cell(const std::string& id) { return find(tables().cells, id, "kind of cells"); }
const Target& target(const std::string& id) { return find(tables().targets, id, "target"); }
const Vector& vector(const std::string& id) { return find(tables().vectors, id, "vector"); }
const Scanner& scanner(const std::string& id) { return find(tables().scanners, id, "scanner"); }
const Model& model(const std::string& id) { return find(tables().models, id, "model or trial"); }
const Reference& reference(const std::string& key) {
  return find(tables().references, key, "reference");
}
std::vector<std::string> method_ids() { return keys(tables().methods); }
std::vector<std::string> cell_ids() { return keys(tables().cells); }
std::vector<std::string> scanner_ids() { return keys(tables().scanners); }
std::vector<std::string> reference_keys() { return keys(tables().references); }

}  // namespace sojourn::catalogue
