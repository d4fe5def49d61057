#include "fuzz_file.h"
#include "sojourn/core/error.h"
#include "sojourn/io/legacy_formats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::as_file(data, size, ".v");
  try {
    (void)sojourn::io::is_ecat7(file);
    (void)sojourn::io::import_ecat7(file);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
