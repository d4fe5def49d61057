#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sojourn/core/files.h"

namespace {

namespace fs = std::filesystem;

/// What a SOURCE.md lacks; empty where it is complete.
std::string missing(const fs::path& folder) {
  const fs::path file = folder / "SOURCE.md";
  if (!fs::is_regular_file(file)) return "SOURCE.md";
  const std::string text = sojourn::core::read_file(file, 1 << 20);
  for (const char* heading : {"Source:", "Licence:", "Date read:"})
    if (text.find(heading) == std::string::npos) return heading;
  return "";
}

TEST(DataFolders, EachStatesSourceLicenceAndDate) {
  int folders = 0;
  for (const auto& topic : fs::directory_iterator(sojourn::core::data_dir())) {
    if (!topic.is_directory()) continue;
    for (const auto& set : fs::directory_iterator(topic)) {
      ASSERT_TRUE(set.is_directory() || set.path().extension() == ".md")
          << set.path() << " belongs into a data set";
      if (!set.is_directory()) continue;
      ++folders;
      EXPECT_EQ(missing(set.path()), "") << set.path();
    }
  }
  EXPECT_GE(
      folders,
      3);  // nuclide, catalogue and references at least: the test must not pass on an empty folder
}

}  // namespace
