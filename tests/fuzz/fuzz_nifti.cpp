#include "fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/nifti.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::image::Geometry grid;
  grid.size = {2, 2, 2};
  const sojourn::image::Volume<float> image(grid, 1.5F);
  const auto file = sojourn::fuzz::scratch() / "seed.nii";
  sojourn::io::write_nifti(file, {&image, &image}, "");
  sojourn::fuzz::seed("image", sojourn::core::read_file(file));
  sojourn::io::write_nifti_labels(file, sojourn::image::Volume<int>(grid, 3), "");
  sojourn::fuzz::seed("labels", sojourn::core::read_file(file));
  return 0;
}

// Any bytes as .nii: an image, a label map, or an Error; never a crash, and no more memory than the
// file can fill.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::put("input.nii", data, size);
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
