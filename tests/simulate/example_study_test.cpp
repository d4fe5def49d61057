#include "sojourn/simulate/example_study.h"

#include <gtest/gtest.h>

#include <map>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace {

using namespace sojourn;
namespace fs = std::filesystem;

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      all[fs::relative(entry.path(), folder).string()] = core::read_file(entry.path());
    }
  }
  return all;
}

TEST(ExampleStudy, SameToTheByteForASeed) {
  const test::TemporaryFolder folder;
  simulate::ExampleOptions options;
  options.seed = 3;
  simulate::write_example(folder.path() / "a", options, {});
  simulate::write_example(folder.path() / "b", options, {});
  const auto a = contents(folder.path() / "a"), b = contents(folder.path() / "b");
  EXPECT_GT(a.size(), 600U);
  EXPECT_TRUE(a == b);
  options.seed = 4;
  simulate::write_example(folder.path() / "b", options, {});  // over an earlier example
  EXPECT_FALSE(contents(folder.path() / "b") == a);
  int entries = 0;  // nothing temporary is left beside them
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path())) ++entries;
  EXPECT_EQ(entries, 2);
}

TEST(ExampleStudy, TruthAddsUp) {
  const test::TemporaryFolder folder;
  simulate::write_example(folder.path() / "a", {}, {});
  const auto truth =
      core::Tsv::parse(core::read_file(folder.path() / "a" / "truth.tsv"), "truth.tsv");
  for (const char* column : {"volume_ml", "activity_bq", "live_cells"}) {
    double sum = 0;
    int wholes = 0;
    for (std::size_t row = 0; row < truth.rows(); ++row) {
      const double value = truth.number(row, column).value();
      if (truth.at(row, "region") != "whole_body") {
        sum += value;
        continue;
      }
      ++wholes;
      EXPECT_NEAR(value, sum, 1e-5 * sum) << column;  // 7 digits in the table
      sum = 0;
    }
    EXPECT_EQ(wholes, 3);
  }
}

TEST(ExampleStudy, RefusesAFolderThatHoldsOtherThings) {
  const test::TemporaryFolder folder;
  core::write_file(folder.path() / "a" / "notes.txt", "mine");
  EXPECT_THROW(simulate::write_example(folder.path() / "a", {}, {}), Error);
  EXPECT_EQ(core::read_file(folder.path() / "a" / "notes.txt"), "mine");
}

}  // namespace
