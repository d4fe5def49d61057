#include "sojourn/trial/repeated_study.h"

#include <gtest/gtest.h>

#include <fstream>

#include "sojourn/core/error.h"

namespace sojourn::trial {
namespace {

TEST(RepeatedStudy, AreaUnderRocCountsPairs) {
  EXPECT_DOUBLE_EQ(area_under_roc({3, 4}, {1, 2}), 1);
  EXPECT_DOUBLE_EQ(area_under_roc({1, 2}, {3, 4}), 0);
  EXPECT_DOUBLE_EQ(area_under_roc({1, 3}, {2, 2}), 0.5);
  EXPECT_DOUBLE_EQ(area_under_roc({1, 2}, {1}), 0.75);
}

TEST(RepeatedStudy, ReadsItsFileAndRefusesOddOnes) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("sojourn_trial_" +
                     std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + ".toml");
  const auto read = [&](const std::string& text) {
    std::ofstream(file) << text;
    return read_trial(file);
  };
  const auto plan = read("study = \"s.toml\"\nstudies = 7\nempty_tumours = true\n");
  EXPECT_EQ(plan.study, file.parent_path() / "s.toml");
  EXPECT_EQ(plan.studies, 7U);
  EXPECT_TRUE(plan.empty_tumours);
  EXPECT_THROW((void)read("studies = 7\n"), Error);
  EXPECT_THROW((void)read("study = \"s.toml\"\nstudies = 0\n"), Error);
  EXPECT_THROW((void)read("study = \"s.toml\"\nstudys = 3\n"), Error);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sojourn::trial
