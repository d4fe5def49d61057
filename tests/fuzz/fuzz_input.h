#pragma once
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

/// What the fuzz targets share: a file for the bytes of a run, and the folder for their seeds.
namespace sojourn::fuzz {

/// A folder of this process, in memory where the machine has such a place; removed at exit.
inline const std::filesystem::path& scratch() {
  static const struct Folder {
    Folder() {
      const std::filesystem::path shm = "/dev/shm";
      path = (std::filesystem::exists(shm) ? shm : std::filesystem::temp_directory_path()) /
             ("sojourn-fuzz-" + std::to_string(::getpid()));
      std::filesystem::create_directories(path);
    }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
  } folder;
  return folder.path;
}

/// Writes the bytes of a run under a name.
inline std::filesystem::path put(const std::string& name, const std::uint8_t* data,
                                 std::size_t size) {
  const auto file = scratch() / name;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return file;
}

/// Writes a seed into $SOJOURN_FUZZ_SEEDS; nothing where it is not set.
inline void seed(const std::string& name, std::string_view bytes) {
  const char* folder = std::getenv("SOJOURN_FUZZ_SEEDS");
  if (folder == nullptr) return;
  std::filesystem::create_directories(folder);
  std::ofstream out(std::filesystem::path(folder) / name, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace sojourn::fuzz
