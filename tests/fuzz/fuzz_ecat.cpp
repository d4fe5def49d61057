#include "fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/legacy_formats.h"

namespace {

/// A main header, a directory of one matrix and a subheader of 2 x 2 x 1 16-bit voxels.
std::string small_file() {
  std::string bytes(5 * 512, '\0');
  const auto put = [&](std::size_t at, std::initializer_list<int> values) {
    for (const int v : values) bytes[at++] = static_cast<char>(v);
  };
  bytes.replace(0, 9, "MATRIX72v");
  put(50, {0, 7});   // volume of 16 bits
  put(354, {0, 1});  // one frame
  bytes.replace(466, 5, "Bq/cc");
  put(512, {0, 0, 0, 30, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1});
  put(528, {1, 1, 0, 1, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1});
  put(1024, {0, 6, 0, 3, 0, 2, 0, 2, 0, 1});
  put(1024 + 26, {0x3f, 0x80, 0, 0});  // scale factor 1
  for (const int at : {34, 38, 42})
    put(1024 + static_cast<std::size_t>(at), {0x3e, 0, 0, 0});  // 0.125 cm
  put(1024 + 46, {0, 0, 0xea, 0x60});                           // 60 s
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("small", small_file());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::put("input.v", data, size);
  try {
    (void)sojourn::io::is_ecat7(file);
    (void)sojourn::io::import_ecat7(file);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
