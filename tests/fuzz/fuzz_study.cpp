// Study files: TOML of any bytes, read field by field with every reader that the study file uses.
#include <cstdlib>
#include <span>
#include <string>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/core/tree.h"
#include "sojourn/units/units.h"

namespace {

using sojourn::core::TableReader;
using sojourn::core::Tree;
using sojourn::units::Dimension;

/// Reads the known fields of a table; each refusal is one of our errors and the next field goes on.
template <typename Read>
void attempt(const Read& read) {
  try {
    read();
  } catch (const sojourn::Error& problem) {
    if (problem.code() != sojourn::ErrorCode::bad_input) std::abort();
  }
}

void read_table(TableReader& table, int depth) {
  static const std::string kRoutes[] = {"iv", "ip", "intratumoral"};
  for (const char* key : {"id", "image", "cells", "method", "regions"})
    attempt([&] { (void)table.text(key); });
  attempt([&] { (void)table.number("count"); });
  attempt([&] { (void)table.integer("sojourn"); });
  attempt([&] { (void)table.boolean("whole_body"); });
  attempt([&] { (void)table.datetime("infused_at"); });
  attempt([&] { (void)table.choice("route", std::span<const std::string>(kRoutes)); });
  attempt([&] { (void)table.texts("background"); });
  attempt([&] { (void)table.numbers("values"); });
  attempt([&] { (void)sojourn::units::quantity(table, "activity", Dimension::activity); });
  attempt([&] { (void)sojourn::units::quantity(table, "body_mass", Dimension::mass); });
  attempt([&] { (void)sojourn::units::quantities(table, "psf_fwhm", Dimension::length); });
  for (const char* key : {"infusion", "scan", "override"}) {
    attempt([&] {
      for (auto& one : table.tables(key)) {
        if (depth < 3) read_table(one, depth + 1);
      }
    });
  }
  attempt([&] {
    if (auto one = table.table("subject"); one && depth < 3) read_table(*one, depth + 1);
  });
  attempt([&] { table.finish(); });
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("small", R"(sojourn = 1
[subject]
id = "m07"
body_mass = "21.4 g"
[[infusion]]
cells = "cd8-t"
count = 7.0e6
infused_at = 2026-03-02T10:15:00Z
route = "iv"
activity = "0.26 MBq"
[[scan]]
image = "pet/d0"
psf_fwhm = ["1.4 mm", "1.4 mm", "1.6 mm"]
background = ["muscle"]
[regions]
1 = "liver"
)");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  attempt([&] {
    const Tree tree =
        sojourn::core::parse_toml({reinterpret_cast<const char*>(data), size}, "study.toml");
    TableReader table(tree, "study.toml");
    read_table(table, 0);
  });
  return 0;
}
