#include "sojourn/study/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"

namespace sojourn::study {
namespace fs = std::filesystem;
namespace {

constexpr const char* kStages = ".stages";

void sweep(const fs::path& folder) {
  std::vector<fs::path> remains;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(folder, trouble)) {
    if (entry.path().filename().string().rfind(".tmp-", 0) == 0) remains.push_back(entry.path());
  }
  for (const auto& file : remains) fs::remove_all(file, trouble);
}

}  // namespace

OutputFolder::OutputFolder(fs::path path) : path_(std::move(path)) {
  std::error_code trouble;
  if (fs::exists(path_, trouble) && !fs::is_directory(path_, trouble)) {
    refuse("{}: the output must be a folder, and this is a file; name another with -o",
           path_.string());
  }
  fs::create_directories(path_ / kStages, trouble);
  fs::create_directories(path_ / "maps", trouble);
  if (trouble) {
    throw Error(ErrorCode::io_failed, fmt::format("{}: cannot make the output folder ({})",
                                                  path_.string(), trouble.message()));
  }
  lock_ = ::open((path_ / kStages / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) {
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written; is it read-only?", path_.string()));
  }
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    refuse("{}: another run is writing here; wait for it or name another folder with -o",
           path_.string());
  }
  for (const auto& folder : {path_, path_ / kStages, path_ / "maps"}) sweep(folder);
}

OutputFolder::~OutputFolder() {
  remove_if_unused();
  if (lock_ >= 0) ::close(lock_);
}

void OutputFolder::remove_if_unused() const {
  std::error_code trouble;
  fs::remove(path_ / "maps", trouble);  // refused by the system where something is inside
  std::size_t kept = 0;
  for (const auto& entry : fs::directory_iterator(path_ / kStages, trouble)) {
    if (entry.path().filename() != "lock") ++kept;
  }
  if (kept > 0 || trouble) return;
  fs::remove(path_ / kStages / "lock", trouble);
  fs::remove(path_ / kStages, trouble);
  fs::remove(path_, trouble);
}

fs::path OutputFolder::file_of(const std::string& stage) const {
  return path_ / kStages / (stage + ".json");
}

std::optional<core::Tree> OutputFolder::finished(const std::string& stage,
                                                 const std::string& key) const {
  std::error_code trouble;
  const fs::path file = file_of(stage);
  if (!fs::exists(file, trouble)) return std::nullopt;
  try {
    const core::Tree tree = core::parse_json(core::read_file(file), file.filename().string());
    const core::Tree* stored = tree.kind() == core::Tree::Kind::table ? tree.find("key") : nullptr;
    const core::Tree* product = stored != nullptr ? tree.find("product") : nullptr;
    if (product == nullptr || stored->kind() != core::Tree::Kind::string || stored->text() != key) {
      return std::nullopt;
    }
    return *product;
  } catch (const Error&) {  // damaged: the stage is done again
    return std::nullopt;
  }
}

void OutputFolder::store(const std::string& stage, const std::string& key,
                         const core::Tree& product) const {
  core::Tree tree = core::Tree::table();
  tree.set("key", key).set("product", product);
  core::write_file(file_of(stage), core::to_json(tree));
}

void OutputFolder::forget(const std::string& stage) const {
  std::error_code trouble;
  fs::remove(file_of(stage), trouble);
}

}  // namespace sojourn::study
