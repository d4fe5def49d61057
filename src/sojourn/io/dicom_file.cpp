#include "sojourn/io/dicom_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_values.h"

namespace sojourn::io::dicom {
namespace {

constexpr std::string_view kImplicit = "1.2.840.10008.1.2";
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
constexpr std::string_view kBigEndian = "1.2.840.10008.1.2.2";
constexpr std::size_t kFirstRead = 32 << 10;       // most headers of single slices are shorter
constexpr std::size_t kLongestHeader = 512 << 20;  // enhanced objects with 1e5 frames stay below
constexpr std::size_t kMostInflated = 512 << 20;

/// An open file that closes itself.
class Handle {
 public:
  explicit Handle(const std::filesystem::path& file)
      : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Handle() {
    if (fd_ >= 0) ::close(fd_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  [[nodiscard]] bool good() const { return fd_ >= 0; }
  [[nodiscard]] std::uint64_t size() const {
    struct stat facts {};
    return ::fstat(fd_, &facts) == 0 && S_ISREG(facts.st_mode)
               ? static_cast<std::uint64_t>(facts.st_size)
               : 0;
  }
  /// How many bytes came.
  std::size_t read(std::uint64_t offset, char* into, std::size_t length) const {
    std::size_t got = 0;
    while (got < length) {
      const ssize_t n = ::pread(fd_, into + got, length - got, static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      got += static_cast<std::size_t>(n);
    }
    return got;
  }

 private:
  int fd_;
};

/// Where the data set starts: behind the preamble, or at once in old files. npos where it is no
/// DICOM.
std::size_t start_of(std::string_view bytes) {
  if (bytes.size() >= 132 && bytes.substr(128, 4) == "DICM") return 132;
  if (bytes.size() < 16) return std::string_view::npos;
  const std::uint16_t group = read_u16(bytes, 0, false), element = read_u16(bytes, 2, false);
  const bool first =
      (group == 0x0002 && element <= 0x0002) || (group == 0x0008 && element <= 0x0018);
  if (!first) return std::string_view::npos;
  const bool has_vr = bytes[4] >= 'A' && bytes[4] <= 'Z' && bytes[5] >= 'A' && bytes[5] <= 'Z';
  return has_vr || read_u32(bytes, 4, false) <= 256 ? 0 : std::string_view::npos;
}

Encoding encoding_of(std::string_view syntax, std::string_view bytes, std::size_t at) {
  if (syntax == kImplicit) return {false, false};
  if (syntax == kBigEndian) return {true, true};
  if (!syntax.empty()) return {true, false};
  const bool has_vr = bytes.size() > at + 6 && bytes[at + 4] >= 'A' && bytes[at + 4] <= 'Z' &&
                      bytes[at + 5] >= 'A' && bytes[at + 5] <= 'Z';
  return {has_vr, false};  // no file meta information: as the first element looks
}

std::string inflate_all(std::string_view packed, std::string_view head) {
  std::string out(head);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Malformed("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK && out.size() < kMostInflated) {
    const std::size_t before = out.size();
    out.resize(before + std::max<std::size_t>(before, 64 << 10));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) throw Malformed("the deflated data are broken or too large");
  return out;
}

struct Start {
  std::size_t at = 0;
  std::string syntax;
};

Start read_start(std::string_view bytes) {
  const std::size_t begin = start_of(bytes);
  if (begin == std::string_view::npos) throw Malformed("it does not begin like a DICOM file");
  Start start;
  const Dataset meta = parse_meta(bytes, begin, start.at);
  start.syntax = text(meta, 0x00020010);
  return start;
}

FileHeader parse(std::shared_ptr<const std::string> bytes, const Start& start,
                 std::uint64_t file_bytes) {
  FileHeader header;
  const Encoding encoding = encoding_of(start.syntax, *bytes, start.at);
  ParsedHeader parsed = parse_header(*bytes, encoding, start.at);
  header.bytes = std::move(bytes);
  header.data = std::move(parsed.data);
  header.transfer_syntax = start.syntax;
  header.big_endian = encoding.big_endian;
  header.file_bytes = file_bytes;
  if (parsed.pixels) {
    header.pixels.tag = parsed.pixels->tag;
    header.pixels.offset = parsed.pixel_offset;
    header.pixels.encapsulated = parsed.pixels->undefined_length;
    header.pixels.length =
        parsed.pixels->undefined_length
            ? file_bytes - std::min<std::uint64_t>(file_bytes, parsed.pixel_offset)
            : parsed.pixel_length;
  }
  return header;
}

/// The header of a file whose first bytes are here; Malformed with ran_out() where more are needed.
FileHeader parse_beginning(const Handle& handle, const std::shared_ptr<const std::string>& bytes) {
  const Start start = read_start(*bytes);
  const std::uint64_t size = handle.size();
  if (start.syntax != kDeflated) {
    FileHeader header = parse(bytes, start, size);
    if (header.pixels.tag == 0 && bytes->size() < size) throw Malformed("no pixels yet", true);
    return header;
  }
  if (bytes->size() < size) throw Malformed("deflated data are read whole", true);
  const std::string_view all = *bytes;
  auto whole = std::make_shared<const std::string>(
      inflate_all(all.substr(start.at), all.substr(0, start.at)));
  FileHeader header = parse(whole, start, whole->size());
  header.inflated = whole;
  return header;
}

}  // namespace

bool looks_like_dicom(const std::filesystem::path& file) {
  const Handle handle(file);
  if (!handle.good()) return false;
  std::array<char, 132> first{};
  const std::size_t got = handle.read(0, first.data(), first.size());
  return start_of({first.data(), got}) != std::string_view::npos;
}

FileHeader read_file_header(const std::filesystem::path& file, const std::string& name) {
  const Handle handle(file);
  if (!handle.good()) refuse("{}: cannot be opened (check that it exists and may be read)", name);
  const std::uint64_t size = handle.size();
  for (std::size_t take = kFirstRead;; take *= 8) {
    const bool whole = take >= size;
    auto bytes = std::make_shared<std::string>(
        static_cast<std::size_t>(std::min<std::uint64_t>(take, size)), '\0');
    bytes->resize(handle.read(0, bytes->data(), bytes->size()));
    try {
      return parse_beginning(handle, std::move(bytes));
    } catch (const Malformed& problem) {
      if (problem.ran_out() && !whole && take < kLongestHeader) continue;
      refuse("{}: not a readable DICOM file ({}); copy or export it again, or remove it", name,
             problem.what());
    }
  }
}

void read_bytes(const std::filesystem::path& file, const std::string& name, std::uint64_t offset,
                char* into, std::size_t length) {
  const Handle handle(file);
  if (!handle.good()) refuse("{}: cannot be opened (check that it exists and may be read)", name);
  const std::size_t got = handle.read(offset, into, length);
  if (got < length) {
    refuse("{}: the pixel data break off ({} of {} bytes are there); copy or export the file again",
           name, got, length);
  }
}

}  // namespace sojourn::io::dicom
