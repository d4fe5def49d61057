#include "fuzz_file.h"
#include "sojourn/core/error.h"
#include "sojourn/io/nifti.h"

// Any bytes as .nii: an image, a label map, or an Error; never a crash, and no more memory than the
// file can fill.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::as_file(data, size, ".nii");
  try {
    (void)sojourn::io::import_nifti(file);
  } catch (const sojourn::Error&) {
  }
  try {
    (void)sojourn::io::read_nifti_labels(file);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
