// Any bytes as a DICOM SEG and as an RTSTRUCT: regions or an Error, nothing else.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_regions.h"

namespace {

std::filesystem::path scratch_file() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code ignored;
  const auto folder = std::filesystem::is_directory(memory, ignored)
                          ? memory
                          : std::filesystem::temp_directory_path();
  return folder / ("sojourn-fuzz-regions-" + std::to_string(::getpid()) + ".dcm");
}

struct Scratch {
  std::filesystem::path file = scratch_file();
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch;
  std::ofstream out(scratch.file, std::ios::binary | std::ios::trunc);
  for (std::size_t n = 0; n < size; ++n) out.put(static_cast<char>(data[n]));
  out.close();

  sojourn::image::Geometry image;  // coarse, so that a run is quick
  image.size = {64, 64, 64};
  image.spacing_mm = {8, 8, 8};
  try {
    static_cast<void>(sojourn::io::read_dicom_seg(scratch.file));
  } catch (const sojourn::Error&) {
  }
  try {
    static_cast<void>(sojourn::io::read_rtstruct(scratch.file, image));
  } catch (const sojourn::Error&) {
  }
  return 0;
}
