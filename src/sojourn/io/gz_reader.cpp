#include "sojourn/io/gz_reader.h"

#include <algorithm>
#include <array>

#include "sojourn/core/error.h"

namespace sojourn::io {
namespace fs = std::filesystem;

GzReader::GzReader(const fs::path& path) : name_(path.filename().string()) {
  std::error_code trouble;
  if (!fs::is_regular_file(path, trouble))
    refuse("{}: no such file; check the path", path.string());
  const std::uint64_t size = fs::file_size(path, trouble);
  file_ = trouble ? nullptr : gzopen(path.c_str(), "rb");
  if (file_ == nullptr) refuse("{}: cannot be read; check its permissions", path.string());
  gzbuffer(file_, 1U << 17);
  // Deflate packs at most 1032 bytes into one (zlib technical details, "Maximum Compression
  // Factor").
  constexpr std::uint64_t kMostPerByte = 1032;
  most_bytes_ = gzdirect(file_) != 0 ? size : size * kMostPerByte;
}

GzReader::~GzReader() {
  if (file_ != nullptr) gzclose(file_);
}

std::size_t GzReader::read_some(std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto wish =
        static_cast<unsigned>(std::min<std::size_t>(out.size() - done, std::size_t{1} << 30));
    const int got = gzread(file_, out.data() + done, wish);
    if (got < 0) refuse("{}: the compressed data are damaged; copy the file again", name_);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void GzReader::read(std::span<std::byte> out) {
  const std::size_t got = read_some(out);
  if (got < out.size()) {
    refuse("{}: ends {} bytes before the end of its image (cut short?); copy the file again", name_,
           out.size() - got);
  }
}

void GzReader::skip(std::uint64_t bytes) {
  std::array<std::byte, 4096> waste{};
  while (bytes > 0) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, waste.size()));
    read(std::span(waste).first(n));
    bytes -= n;
  }
}

}  // namespace sojourn::io
