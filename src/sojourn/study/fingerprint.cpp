#include "sojourn/study/fingerprint.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "sojourn/core/error.h"
#include "sojourn/core/hash.h"

namespace sojourn::study {
namespace fs = std::filesystem;
namespace {

using Look = std::array<std::int64_t, 3>;  // size, seconds, nanoseconds

void look_at(const fs::path& file, std::vector<Look>& looks) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  looks.push_back({status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec});
}

/// A lone image file may have a sidecar or header of the same stem beside it.
void look_beside(const fs::path& file, std::vector<Look>& looks) {
  look_at(file, looks);
  fs::path stem = file;
  if (stem.extension() == ".gz") stem.replace_extension();
  look_at(fs::path(stem).replace_extension(".json"), looks);
  look_at(file.string() + ".hdr", looks);
}

}  // namespace

std::string fingerprint(const std::vector<fs::path>& paths) {
  core::Sha256 digest;
  for (const auto& path : paths) {
    std::vector<Look> looks;
    std::error_code trouble;
    if (fs::is_directory(path, trouble)) {
      for (const auto& entry : fs::recursive_directory_iterator(path, trouble)) {
        look_at(entry.path(), looks);
      }
    } else {
      look_beside(path, looks);
    }
    std::sort(looks.begin(), looks.end());
    digest.add(fmt::format("{} files", looks.size()));
    for (const auto& look : looks) digest.add(fmt::format("{} {} {}", look[0], look[1], look[2]));
  }
  return digest.hex();
}

}  // namespace sojourn::study
