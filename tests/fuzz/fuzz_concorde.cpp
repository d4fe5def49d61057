#include <algorithm>
#include <array>

#include "fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/legacy_formats.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed(
      "small",
      "version 001.910\nmodel 5002\nfile_type 5\ndata_type 4\nx_dimension 2\ny_dimension 2\n"
      "z_dimension 1\npixel_size_x 0.7\npixel_size_y 0.7\npixel_size_z 0.7\nisotope Cu-64\n"
      "isotope_half_life 45723.8\nisotope_branching_fraction 0.17\ncalibration_units 1\n"
      "calibration_factor 2.5\ndecay_correction_applied 1\nscan_time Mon Mar 2 10:15:00 2026\n"
      "end_of_header\nframe 0\nframe_start 0\nframe_duration 600\nscale_factor 2\nend_of_header\n");
  return 0;
}

// The bytes are the header; the pixels beside it are 64 KiB of a fixed pattern.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto pixels = [] {
    std::array<std::uint8_t, 65536> pattern{};
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<std::uint8_t>(i * 31);
    return sojourn::fuzz::put("input.img", pattern.data(), pattern.size());
  }();
  (void)sojourn::fuzz::put("input.img.hdr", data, size);
  try {
    (void)sojourn::io::is_concorde(pixels);
    (void)sojourn::io::import_concorde(pixels);
  } catch (const sojourn::Error&) {
  }
  return 0;
}
