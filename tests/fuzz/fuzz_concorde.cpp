#include <algorithm>
#include <array>

#include "fuzz_file.h"
#include "sojourn/core/error.h"
#include "sojourn/io/legacy_formats.h"

// The bytes are the header; the pixels beside it are 64 KiB of a fixed pattern.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto pixels = [] {
    std::array<std::uint8_t, 65536> pattern{};
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<std::uint8_t>(i * 31);
    return sojourn::fuzz::as_file(pattern.data(), pattern.size(), ".img");
  }();
  (void)sojourn::fuzz::as_file(data, size, ".img.hdr");
  try {
    (void)sojourn::io::is_concorde(pixels);
    (void)sojourn::io::import_concorde(pixels);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
