#include <cstdint>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("table", "# title: growth\ntime_h\tcells\tnote\n0\t1e6\t\n24.5\tn/a\tx\n");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto table =
        sojourn::core::Tsv::parse({reinterpret_cast<const char*>(data), size}, "table.tsv");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      for (const auto& column : table.columns()) (void)table.number(row, column);
    }
  } catch (const sojourn::Error&) {
  }
  return 0;
}
