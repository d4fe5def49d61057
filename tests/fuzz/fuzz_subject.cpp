#include <cstdint>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/subject/voxels.h"

using namespace sojourn;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  for (const auto& id : subject::subject_ids())
    sojourn::fuzz::seed(
        id, core::read_file(core::data_dir() / "subject" / "phantoms_2026" / (id + ".toml")));
  return 0;
}

/// Any subject that is read can be put on a coarse grid.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto subject =
        subject::parse_subject({reinterpret_cast<const char*>(data), size}, "subject.toml");
    const auto box = subject::bounds(subject);
    subject::VoxelOptions options;
    for (std::size_t a = 0; a < 3; ++a)
      options.spacing_mm[a] = std::max(1e-3, (box[1][a] - box[0][a]) / 8);
    options.lines = 1;
    (void)subject::voxelise(subject, options).labels();
  } catch (const Error&) {
  }
  return 0;
}
