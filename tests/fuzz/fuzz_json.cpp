#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"

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
