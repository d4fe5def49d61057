#include "sojourn/core/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

#include "sojourn/core/error.h"

namespace sojourn::core {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, std::uintmax_t limit_bytes) {
  std::error_code trouble;
  const auto status = fs::status(path, trouble);
  if (trouble || !fs::exists(status)) refuse("{}: no such file; check the path", path.string());
  if (!fs::is_regular_file(status)) refuse("{}: not a regular file; name a file", path.string());
  const auto size = fs::file_size(path, trouble);
  if (trouble) refuse("{}: cannot be read ({})", path.string(), trouble.message());
  if (size > limit_bytes) {
    refuse("{}: {} bytes, more than the {} bytes that such a file may have", path.string(), size,
           limit_bytes);
  }
  std::ifstream in(path, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  if (!in || !in.read(content.data(), static_cast<std::streamsize>(size))) {
    refuse("{}: cannot be read ({}); check its permissions", path.string(), std::strerror(errno));
  }
  return content;
}

namespace {

void sync_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> serial{0};
  std::string name = ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(serial++) + "-";
  return path.parent_path() / (name + path.filename().string());
}

}  // namespace

void write_through(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  std::error_code trouble;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), trouble);
  if (trouble) {
    throw Error(ErrorCode::io_failed, fmt::format("{}: cannot make this folder ({})",
                                                  path.parent_path().string(), trouble.message()));
  }
  const fs::path temporary = temporary_beside(path);
  try {
    write(temporary);
    sync_to_disk(temporary);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error& e) {
    fs::remove(temporary, trouble);
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written ({})", path.string(), e.code().message()));
  } catch (...) {
    fs::remove(temporary, trouble);
    throw;
  }
}

void write_file(const fs::path& path, std::string_view content) {
  write_through(path, [&](const fs::path& temporary) {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) {
      throw Error(
          ErrorCode::io_failed,
          fmt::format("{}: cannot be written ({}); is the disk full or the folder read-only?",
                      path.string(), std::strerror(errno)));
    }
  });
}

fs::path data_dir() {
  if (const char* named = std::getenv("SOJOURN_DATA")) return named;
  std::error_code trouble;
  const fs::path program = fs::read_symlink("/proc/self/exe", trouble);
  if (!trouble) {
    fs::path installed = program.parent_path().parent_path() / "share" / "sojourn";
    if (fs::is_directory(installed / "catalogue", trouble)) return installed;
  }
  return SOJOURN_SOURCE_DATA;
}

std::string version() { return SOJOURN_VERSION; }

}  // namespace sojourn::core
