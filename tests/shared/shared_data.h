#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace sojourn::test {

/// The folder of real and standard images: $SOJOURN_SHARED, default ../shared beside the
/// repository.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("SOJOURN_SHARED");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(SOJOURN_TEST_SHARED);
}

}  // namespace sojourn::test

/// Names the data set and skips where it is not there; `variable` is its path.
#define SOJOURN_NEEDS_SHARED(variable, relative)                                      \
  const std::filesystem::path variable = sojourn::test::shared_folder() / (relative); \
  if (!std::filesystem::exists(variable))                                             \
  GTEST_SKIP() << "no " << (relative) << " in " << sojourn::test::shared_folder()
