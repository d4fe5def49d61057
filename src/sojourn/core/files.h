#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace sojourn::core {

/// The whole file. @throws Error(bad_input) where it is missing, unreadable or over `limit_bytes`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uintmax_t limit_bytes = std::uintmax_t{1} << 32);

/// Writes to a temporary name beside `path`, flushes and renames: the file is there whole or not at
/// all. Folders above it are made. @throws Error(io_failed) where the system refuses.
void write_file(const std::filesystem::path& path, std::string_view content);

/// The same for writers that need a file name of their own: `write` gets the temporary name
/// (with the extension of `path`), which is renamed after it returns and removed when it throws.
void write_through(const std::filesystem::path& path,
                   const std::function<void(const std::filesystem::path&)>& write);

/// Folder of the tables: $SOJOURN_DATA, else ../share/sojourn beside the program, else the source
/// tree.
[[nodiscard]] std::filesystem::path data_dir();

/// "0.1.0"
[[nodiscard]] std::string version();

}  // namespace sojourn::core
