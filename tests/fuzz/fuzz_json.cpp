#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("kinds", R"({"text": "a\u00e9\n", "numbers": [1, -2.5e-3, 1e308],
    "nested": {"empty": {}, "none": null, "flags": [true, false]}})");
  return 0;
}

// What parses can be written, and what was written parses again to the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto tree =
        sojourn::core::parse_json({reinterpret_cast<const char*>(data), size}, "x.json");
    const std::string text = sojourn::core::to_json(tree);
    if (sojourn::core::to_json(sojourn::core::parse_json(text, "again.json")) != text) std::abort();
  } catch (const sojourn::Error&) {
  }
  return 0;
}
