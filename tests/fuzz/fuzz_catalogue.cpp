#include <cstdint>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "sojourn/catalogue/page.h"
#include "sojourn/catalogue/read_rows.h"
#include "sojourn/catalogue/row_tree.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"

namespace {

using namespace sojourn;

/// Any row that is read can be printed.
template <typename Row>
void read_and_print(const core::Tree& tree, std::map<std::string, Row> catalogue::Tables::*rows,
                    Row (*read)(core::TableReader&, const std::string&)) {
  try {
    core::TableReader in(tree, "row.toml");
    const auto id = in.text("id").value_or("");
    catalogue::Tables tables;
    (tables.*rows).emplace(id, read(in, id));
    (void)catalogue::to_page(catalogue::row_tree(tables, id));
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const auto rows = core::data_dir() / "catalogue";
  for (const char* file :
       {"methods/ex_vivo/zr89-oxine.toml", "methods/targeted_probes/cd8-89zr-iab22m2c.toml",
        "cells/nk.toml", "targets/cd8.toml", "vectors/igg.toml", "scanners/inveon.toml",
        "models/macaque-nk.toml"})
    sojourn::fuzz::seed(std::filesystem::path(file).stem().string(), core::read_file(rows / file));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using catalogue::Tables;
  try {
    const auto tree = core::parse_toml({reinterpret_cast<const char*>(data), size}, "row.toml");
    read_and_print(tree, &Tables::methods, catalogue::read_method);
    read_and_print(tree, &Tables::cells, catalogue::read_cell);
    read_and_print(tree, &Tables::targets, catalogue::read_target);
    read_and_print(tree, &Tables::vectors, catalogue::read_vector);
    read_and_print(tree, &Tables::scanners, catalogue::read_scanner);
    read_and_print(tree, &Tables::models, catalogue::read_model);
  } catch (const Error&) {
  }
  return 0;
}
