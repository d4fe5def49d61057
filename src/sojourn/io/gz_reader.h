#pragma once
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace sojourn::io {

/// Reads a file, gzip-compressed or plain, from its beginning; remembers the name for messages.
class GzReader {
 public:
  /// @throws Error(bad_input) where it is missing or unreadable.
  explicit GzReader(const std::filesystem::path& path);
  ~GzReader();
  GzReader(const GzReader&) = delete;
  GzReader& operator=(const GzReader&) = delete;

  /// As many bytes as there are, up to out.size(). @throws Error(bad_input) for damaged
  /// compression.
  std::size_t read_some(std::span<std::byte> out);
  /// All of them. @throws Error(bad_input) where the file ends before.
  void read(std::span<std::byte> out);
  void skip(std::uint64_t bytes);
  /// The most bytes that the file can hold once decompressed: known before anything is allocated,
  /// so that a header cannot ask for more memory than its file could ever fill.
  [[nodiscard]] std::uint64_t most_bytes() const { return most_bytes_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  gzFile file_ = nullptr;
  std::string name_;
  std::uint64_t most_bytes_ = 0;
};

}  // namespace sojourn::io
