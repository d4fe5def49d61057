// Any bytes as a DICOM SEG and as an RTSTRUCT: regions or an Error, nothing else.
#include "fuzz_file.h"
#include "sojourn/core/error.h"
#include "sojourn/io/dicom_regions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::as_file(data, size, ".dcm");
  sojourn::image::Geometry image;  // coarse, so that a run is quick
  image.size = {64, 64, 64};
  image.spacing_mm = {8, 8, 8};
  try {
    static_cast<void>(sojourn::io::read_dicom_seg(file));
  } catch (const sojourn::Error&) {
  }
  try {
    static_cast<void>(sojourn::io::read_rtstruct(file, image));
  } catch (const sojourn::Error&) {
  }
  return 0;
}
