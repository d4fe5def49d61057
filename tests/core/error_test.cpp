#include "sojourn/core/error.h"

#include <gtest/gtest.h>

namespace sojourn {
namespace {

TEST(Error, ExitStatusTellsAWrongRequestFromFailedWork) {
  EXPECT_EQ(Error(ErrorCode::bad_input, "x").exit_status(), 2);
  EXPECT_EQ(Error(ErrorCode::bad_value, "x").exit_status(), 2);
  EXPECT_EQ(Error(ErrorCode::shape_mismatch, "x").exit_status(), 2);
  EXPECT_EQ(Error(ErrorCode::io_failed, "x").exit_status(), 1);
  EXPECT_EQ(Error(ErrorCode::internal, "x").exit_status(), 1);
}

TEST(Error, FramesStandOutermostFirst) {
  Error error(ErrorCode::bad_input, "no dose");
  error.within("scan 2").within("study.toml");
  EXPECT_STREQ(error.what(), "study.toml: scan 2: no dose");
}

TEST(Error, RefuseFormatsAndKeepsItsCode) {
  try {
    refuse("{}: {} frames", "x.nii", 3);
    FAIL() << "refuse returned";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::bad_input);
    EXPECT_STREQ(e.what(), "x.nii: 3 frames");
  }
}

TEST(Error, ABrokenContractNamesConditionAndPlace) {
  try {
    SOJOURN_EXPECT(1 + 1 == 3);
    FAIL() << "the check passed";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::internal);
    EXPECT_NE(std::string(e.what()).find("1 + 1 == 3"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find("error_test.cpp"), std::string::npos);
  }
}

}  // namespace
}  // namespace sojourn
