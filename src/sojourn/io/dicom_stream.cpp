#include "sojourn/io/dicom_stream.h"

#include <optional>

#include "sojourn/core/error.h"

namespace sojourn::io::dicom {
namespace {

/// What a code stream says of itself.
struct StreamShape {
  std::size_t rows = 0, columns = 0;
  int components = 0, bits = 0;
};

int byte_at(std::string_view s, std::size_t at) { return static_cast<unsigned char>(s[at]); }

/// Lossless JPEG has at most 17 categories of differences, 0 to 16 (T.81 table H.2). The decoder
/// uses larger ones as an index without looking.
bool sound_tables(std::string_view segment) {
  while (!segment.empty()) {
    if (segment.size() < 17 || byte_at(segment, 0) > 3) return false;
    std::size_t codes = 0;
    for (std::size_t i = 1; i <= 16; ++i) codes += static_cast<std::size_t>(byte_at(segment, i));
    if (codes > 17 || segment.size() < 17 + codes) return false;
    for (std::size_t i = 0; i < codes; ++i) {
      if (byte_at(segment, 17 + i) > 16) return false;
    }
    segment.remove_prefix(17 + codes);
  }
  return true;
}

/// Segments up to the start of the scan, in JPEG of any process or JPEG-LS.
class Segments {
 public:
  explicit Segments(std::string_view stream) : stream_(stream) {}
  /// Moves to the next; false where there is none that is whole.
  bool next() {
    at_ += body_.size();
    while (at_ + 1 < stream_.size() && stream_[at_] == '\xFF' && stream_[at_ + 1] == '\xFF') ++at_;
    if (at_ + 4 > stream_.size() || stream_[at_] != '\xFF') return false;
    marker_ = byte_at(stream_, at_ + 1);
    const std::size_t length = read_u16(stream_, at_ + 2, true);
    if (length < 2 || at_ + 2 + length > stream_.size()) return false;
    body_ = stream_.substr(at_ + 4, length - 2);
    at_ += 4;
    return true;
  }
  [[nodiscard]] int marker() const { return marker_; }
  [[nodiscard]] std::string_view body() const { return body_; }

 private:
  std::string_view stream_, body_;
  std::size_t at_ = 2;  // behind the start of the image
  int marker_ = 0;
};

std::optional<StreamShape> shape_of_frame(std::string_view body) {
  if (body.size() < 9) return std::nullopt;
  return StreamShape{read_u16(body, 1, true), read_u16(body, 3, true), byte_at(body, 5),
                     byte_at(body, 0)};
}

std::optional<StreamShape> jpeg_shape(std::string_view stream) {
  if (!stream.starts_with("\xFF\xD8")) return std::nullopt;
  std::optional<StreamShape> shape;
  for (Segments segments(stream); segments.next();) {
    const int marker = segments.marker();
    const bool plain = marker == 0xDD || marker == 0xFE || marker >> 4 == 0xE;  // DRI, COM, APPn
    if (marker == 0xDA) return shape;
    if (marker == 0xC3 && !shape) {
      shape = shape_of_frame(segments.body());
      if (!shape) return std::nullopt;
    } else if (marker == 0xC4) {
      if (!sound_tables(segments.body())) return std::nullopt;
    } else if (!plain) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// GDCM's decoder never returns from a stream that breaks off, so its end must be there.
std::optional<StreamShape> jpeg_ls_shape(std::string_view stream) {
  const std::size_t end = stream.rfind("\xFF\xD9");
  // A pad makes fragments even; writers leave any byte there, or several zeros.
  if (end == std::string_view::npos || stream.find_last_not_of('\0') > end + 2) return std::nullopt;
  if (!stream.starts_with("\xFF\xD8")) return std::nullopt;
  for (Segments segments(stream); segments.next() && segments.marker() != 0xDA;) {
    if (segments.marker() == 0xF7) return shape_of_frame(segments.body());
  }
  return std::nullopt;
}

std::optional<StreamShape> jpeg_2000_shape(std::string_view s) {
  const std::size_t soc = s.find(std::string_view("\xFF\x4F\xFF\x51", 4));
  if (soc == std::string_view::npos || s.size() - soc < 48) return std::nullopt;
  const auto u32 = [&](std::size_t at) { return read_u32(s, soc + at, true); };
  const std::uint32_t x1 = u32(8), y1 = u32(12), x0 = u32(16), y0 = u32(20);
  const std::uint32_t tile_x = u32(24), tile_y = u32(28);
  if (x1 <= x0 || y1 <= y0 || tile_x == 0 || tile_y == 0) return std::nullopt;
  const std::uint64_t tiles = (std::uint64_t{x1} / tile_x + 1) * (std::uint64_t{y1} / tile_y + 1);
  const bool subsampled = s[soc + 43] != 1 || s[soc + 44] != 1;
  if (subsampled || tiles > 65535) return std::nullopt;  // more tiles than the standard has
  return StreamShape{y1 - y0, x1 - x0, read_u16(s, soc + 40, true),
                     (byte_at(s, soc + 42) & 0x7F) + 1};
}

std::optional<StreamShape> shape_of(std::string_view coded, Compression how) {
  if (how == Compression::jpeg_2000) return jpeg_2000_shape(coded);
  return how == Compression::jpeg_ls ? jpeg_ls_shape(coded) : jpeg_shape(coded);
}

}  // namespace

void check_stream(std::string_view coded, const ImageFile& file, Compression how) {
  const auto shape = shape_of(coded, how);
  const PixelFormat& format = file.format;
  if (!shape) {
    refuse("{}: its compressed pixels are no {} stream; copy or export the file again", file.name,
           compression_name(file.transfer_syntax));
  }
  if (shape->rows != static_cast<std::size_t>(format.rows) ||
      shape->columns != static_cast<std::size_t>(format.columns) || shape->components != 1 ||
      shape->bits > format.bits_allocated) {
    refuse(
        "{}: its compressed pixels are {} x {} with {} components of {} bits, the header says {} x "
        "{} with 1 of {}; the file is damaged",
        file.name, shape->columns, shape->rows, shape->components, shape->bits, format.columns,
        format.rows, format.bits_allocated);
  }
}

}  // namespace sojourn::io::dicom
