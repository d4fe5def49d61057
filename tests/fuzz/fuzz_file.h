#pragma once
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

namespace sojourn::fuzz {

/// Writes the fuzzer's bytes to a file of this process (in memory where /dev/shm is) and names it.
inline std::filesystem::path as_file(const std::uint8_t* data, std::size_t size,
                                     const std::string& ending) {
  static const std::filesystem::path folder = [] {
    const std::filesystem::path memory = "/dev/shm";
    const auto base =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    const auto made = base / ("sojourn-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(made);
    return made;
  }();
  const auto path = folder / ("input" + ending);
  if (std::FILE* out = std::fopen(path.c_str(), "wb")) {
    std::fwrite(data, 1, size, out);
    std::fclose(out);
  }
  return path;
}

}  // namespace sojourn::fuzz
