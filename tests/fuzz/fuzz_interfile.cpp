#include <algorithm>

#include "fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/interfile.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("small",
                      "!INTERFILE :=\nname of data file := data\n!type of data := PET\n"
                      "imagedata byte order := LITTLEENDIAN\n!number format := float\n"
                      "!number of bytes per pixel := 4\n!matrix size [1] := {2, 3}\n"
                      "data offset in bytes[1] := 0\nimage scaling factor[1] := 2\n"
                      "!END OF INTERFILE :=\n");
  return 0;
}

// The bytes are the header; the data beside it are 16 values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::uint8_t values[64] = {};
  (void)sojourn::fuzz::put("data", values, sizeof(values));
  const auto file = sojourn::fuzz::put("input.hs", data, size);
  try {
    const auto header = sojourn::io::InterfileHeader::read(file);
    (void)header.list("matrix size[1]");
    (void)header.whole("number of dimensions");
    (void)sojourn::io::interfile_values(header, 16);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
