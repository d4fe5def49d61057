// Study files of any bytes: a study, or Error(bad_input); nothing else.
#include <cstdlib>

#include "fuzz/fuzz_input.h"
#include "shared/study_text.h"
#include "sojourn/core/error.h"
#include "sojourn/study/study_file.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("every_block", sojourn::test::kFullStudy);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    (void)sojourn::study::parse_study({reinterpret_cast<const char*>(data), size}, "study.toml");
  } catch (const sojourn::Error& problem) {
    if (problem.code() != sojourn::ErrorCode::bad_input) std::abort();
  }
  return 0;
}
