#include "sojourn/study/output_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/study/fingerprint.h"

namespace sojourn::study {
namespace {

namespace fs = std::filesystem;

TEST(OutputFolder, GivesBackAProductUnderItsKeyOnly) {
  const test::TemporaryFolder tmp;
  const OutputFolder out(tmp.path() / "out");
  core::Tree product = core::Tree::table();
  product.set("activity_bq", 1.25);
  out.store("scan-01", "key-a", product);
  const auto found = out.finished("scan-01", "key-a");
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->find("activity_bq")->number(), 1.25);
  EXPECT_FALSE(out.finished("scan-01", "key-b"));
  EXPECT_FALSE(out.finished("scan-02", "key-a"));
  out.forget("scan-01");
  EXPECT_FALSE(out.finished("scan-01", "key-a"));
}

TEST(OutputFolder, TakesADamagedProductForNone) {
  const test::TemporaryFolder tmp;
  const OutputFolder out(tmp.path());
  core::write_file(tmp.path() / ".stages" / "scan-01.json", "{\"key\": \"a\", \"prod");
  EXPECT_FALSE(out.finished("scan-01", "a"));
}

TEST(OutputFolder, SweepsWhatAKilledRunLeft) {
  const test::TemporaryFolder tmp;
  fs::create_directories(tmp.path() / "maps");
  std::ofstream(tmp.path() / "maps" / ".tmp-1-0-x.nii.gz") << "half";
  std::ofstream(tmp.path() / ".tmp-1-0-activity.tsv") << "half";
  std::ofstream(tmp.path() / "notes.txt") << "mine";
  const OutputFolder out(tmp.path());
  EXPECT_FALSE(fs::exists(tmp.path() / "maps" / ".tmp-1-0-x.nii.gz"));
  EXPECT_FALSE(fs::exists(tmp.path() / ".tmp-1-0-activity.tsv"));
  EXPECT_TRUE(fs::exists(tmp.path() / "notes.txt"));
}

TEST(OutputFolder, LeavesNothingBehindWhereNothingWasStored) {
  const test::TemporaryFolder tmp;
  { const OutputFolder out(tmp.path() / "out"); }
  EXPECT_FALSE(fs::exists(tmp.path() / "out"));
  {
    const OutputFolder out(tmp.path() / "out");
    out.store("scan-01", "key", core::Tree::table());
  }
  EXPECT_TRUE(fs::exists(tmp.path() / "out" / ".stages" / "scan-01.json"));
}

TEST(OutputFolder, OneRunAtATime) {
  const test::TemporaryFolder tmp;
  const OutputFolder first(tmp.path());
  EXPECT_THROW(OutputFolder second(tmp.path()), Error);
}

TEST(OutputFolder, RefusesAFileAsFolder) {
  const test::TemporaryFolder tmp;
  std::ofstream(tmp.path() / "file") << "x";
  EXPECT_THROW(OutputFolder(tmp.path() / "file"), Error);
}

TEST(Fingerprint, ChangesWithSizeAndTimeButNotWithNames) {
  const test::TemporaryFolder tmp;
  fs::create_directories(tmp.path() / "series");
  std::ofstream(tmp.path() / "series" / "a") << "123";
  const auto before = fingerprint({tmp.path() / "series"});
  EXPECT_EQ(before, fingerprint({tmp.path() / "series"}));
  fs::rename(tmp.path() / "series" / "a", tmp.path() / "series" / "Smith^John");
  EXPECT_EQ(before, fingerprint({tmp.path() / "series"}));
  std::ofstream(tmp.path() / "series" / "Smith^John") << "1234";
  EXPECT_NE(before, fingerprint({tmp.path() / "series"}));
}

TEST(Fingerprint, SeesTheSidecarBesideAnImage) {
  const test::TemporaryFolder tmp;
  std::ofstream(tmp.path() / "pet.nii.gz") << "image";
  const auto before = fingerprint({tmp.path() / "pet.nii.gz"});
  std::ofstream(tmp.path() / "pet.json") << "{}";
  EXPECT_NE(before, fingerprint({tmp.path() / "pet.nii.gz"}));
}

}  // namespace
}  // namespace sojourn::study
