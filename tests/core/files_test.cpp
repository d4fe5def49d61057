#include "sojourn/core/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/hash.h"

namespace sojourn::core {
namespace {

namespace fs = std::filesystem;

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, WritesAndReadsBackThroughNewFolders) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "a" / "b" / "x.txt";
  const std::string content("one\0two\n", 8);
  write_file(file, content);
  EXPECT_EQ(read_file(file), content);
  EXPECT_EQ(entries_in(file.parent_path()), 1U);  // no temporary left
}

TEST(Files, ReadsAnEmptyFile) {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "empty", "");
  EXPECT_EQ(read_file(folder.path() / "empty"), "");
}

TEST(Files, RefusesMissingLargeAndFolders) {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "x", "12345");
  EXPECT_THROW((void)read_file(folder.path() / "none"), Error);
  EXPECT_THROW((void)read_file(folder.path()), Error);
  EXPECT_THROW((void)read_file(folder.path() / "x", 4), Error);
  EXPECT_THROW((void)read_file("/dev/zero"), Error);
}

TEST(Files, AWriterThatThrowsLeavesTheOldContentAlone) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "x.nii.gz";
  write_file(file, "old");
  EXPECT_THROW(write_through(file,
                             [](const fs::path& temporary) {
                               EXPECT_TRUE(temporary.string().ends_with(".nii.gz"));
                               std::ofstream(temporary) << "half";
                               refuse("stopped");
                             }),
               Error);
  EXPECT_EQ(read_file(file), "old");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(Files, AWriterThatWritesNothingIsAnIoError) {
  const test::TemporaryFolder folder;
  try {
    write_through(folder.path() / "x", [](const fs::path&) {});
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::io_failed);
  }
}

TEST(Files, AFolderThatIsAFileIsAnIoError) {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "x", "a");
  try {
    write_file(folder.path() / "x" / "y", "b");
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::io_failed);
  }
}

TEST(Files, AProcessKilledWhileWritingLeavesTheOldOrTheNewFile) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "result.tsv";
  const std::string old_content(1 << 20, 'o'), new_content(1 << 20, 'n');
  for (int round = 0; round < 8; ++round) {
    write_file(file, old_content);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (;;) {
        write_file(file, old_content);
        write_file(file, new_content);
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3 + 7 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string after = read_file(file);
    EXPECT_TRUE(after == old_content || after == new_content)
        << "round " << round << ": " << after.size() << " bytes";
  }
}

TEST(HashPublished, Sha256OfTheStandard) {
  // FIPS 180-4 example: "abc".
  const std::string abc = "abc";
  EXPECT_EQ(Sha256().add(std::as_bytes(std::span(abc))).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, TextsAreSeparated) {
  EXPECT_NE(Sha256().add("ab").add("c").hex(), Sha256().add("a").add("bc").hex());
}

}  // namespace
}  // namespace sojourn::core
