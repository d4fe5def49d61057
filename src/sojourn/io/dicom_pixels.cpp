#include "sojourn/io/dicom_pixels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_decode.h"

namespace sojourn::io::dicom {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are kept little-endian");

constexpr int kWidestMatrix = 8192;
constexpr std::uint64_t kAlwaysFine = 256ULL << 20;
constexpr std::uint64_t kMostExpansion =
    500;  // decoded over coded bytes of a series; empty images reach 300

std::size_t sample_bytes(const PixelFormat& format) {
  return static_cast<std::size_t>(format.bits_allocated) / 8;
}
std::size_t plane_samples(const PixelFormat& format) {
  return static_cast<std::size_t>(format.rows) * static_cast<std::size_t>(format.columns);
}

void check_format(const ImageFile& file) {
  const PixelFormat& f = file.format;
  if (f.rows < 1 || f.columns < 1 || f.rows > kWidestMatrix || f.columns > kWidestMatrix) {
    refuse("{}: the matrix is {} x {} (Rows, Columns); 1 to {} are readable", file.name, f.columns,
           f.rows, kWidestMatrix);
  }
  if (f.samples != 1 || !f.photometric.starts_with("MONOCHROME")) {
    refuse(
        "{}: a colour image ({}, {} samples per pixel): colours are no measured values; give the "
        "original series",
        file.name, f.photometric.substr(0, 16), f.samples);
  }
  const bool floating = file.pixels.tag != kPixelData;
  const int wanted = file.pixels.tag == kFloatPixelData ? 32 : 64;
  const bool fits = floating
                        ? f.bits_allocated == wanted
                        : f.bits_allocated == 8 || f.bits_allocated == 16 || f.bits_allocated == 32;
  if (!fits)
    refuse("{}: Bits Allocated is {}; 8, 16 and 32 are readable", file.name, f.bits_allocated);
  if (!floating && (f.bits_stored < 1 || f.bits_stored > f.bits_allocated ||
                    f.high_bit >= f.bits_allocated || f.high_bit + 1 < f.bits_stored)) {
    refuse("{}: Bits Stored {} and High Bit {} do not fit into {} bits; the header is damaged",
           file.name, f.bits_stored, f.high_bit, f.bits_allocated);
  }
}

void check_raw(const ImageFile& file) {
  const std::uint64_t needed = std::uint64_t{plane_samples(file.format)} *
                               sample_bytes(file.format) *
                               static_cast<std::uint64_t>(std::max(file.format.frames, 1));
  const std::uint64_t here = file.file_bytes - std::min(file.file_bytes, file.pixels.offset);
  if (std::min(here, file.pixels.length) < needed) {
    refuse("{}: the pixel data break off ({} of {} bytes are there); copy or export the file again",
           file.name, std::min(here, file.pixels.length), needed);
  }
  if (file.big_endian && file.format.bits_allocated == 8) {
    refuse("{}: 8-bit pixels in big-endian order are not read; convert the file (gdcmconv --raw)",
           file.name);
  }
}

void swap_samples(std::vector<char>& bytes, std::size_t width) {
  for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + width));
  }
}

/// Moves the stored bits down, clears what is above them or repeats the sign into it.
template <typename Unsigned>
void settle_bits(std::vector<char>& bytes, const PixelFormat& format) {
  const int width = std::numeric_limits<Unsigned>::digits;
  if (format.bits_stored == width) return;
  const int up = width - 1 - format.high_bit, down = width - format.bits_stored;
  for (std::size_t at = 0; at + sizeof(Unsigned) <= bytes.size(); at += sizeof(Unsigned)) {
    Unsigned value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    value = static_cast<Unsigned>(value << up);
    value = format.is_signed
                ? static_cast<Unsigned>(static_cast<std::make_signed_t<Unsigned>>(value) >> down)
                : static_cast<Unsigned>(value >> down);
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }
}

/// @return false where a value is not finite.
template <typename Sample>
bool scale(const std::vector<char>& stored, double slope, double intercept, float* values) {
  const std::size_t n = stored.size() / sizeof(Sample);
  for (std::size_t i = 0; i < n; ++i) {
    Sample sample;
    std::memcpy(&sample, stored.data() + i * sizeof(Sample), sizeof sample);
    values[i] = static_cast<float>(static_cast<double>(sample) * slope + intercept);
  }
  if constexpr (std::is_integral_v<Sample>) {  // the largest sample speaks for all
    const double most = static_cast<double>(std::numeric_limits<std::uint32_t>::max());
    return std::abs(slope) * most + std::abs(intercept) <
           static_cast<double>(std::numeric_limits<float>::max());
  } else {
    return std::all_of(values, values + n, [](float value) { return std::isfinite(value); });
  }
}

}  // namespace

PixelReader::PixelReader(const std::vector<ImageFile>& files, const std::vector<Plane>& planes)
    : files_(&files), frames_(files.size()) {
  std::uint64_t decoded = 0, coded_bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ImageFile& file = files[i];
    check_format(file);
    const Compression how = compression_of(file.transfer_syntax);
    if (how == Compression::unsupported) {
      refuse("{}: {} is not read; decompress the series (gdcmconv --raw)", file.name,
             compression_name(file.transfer_syntax));
    }
    if (how == Compression::none) {
      if (file.pixels.encapsulated) {
        refuse("{}: compressed pixels in an uncompressed transfer syntax; the header is damaged",
               file.name);
      }
      check_raw(file);
      continue;
    }
    if (!file.pixels.encapsulated || file.pixels.tag != kPixelData) {
      refuse(
          "{}: the transfer syntax says {} but the pixels are not in fragments; the header is "
          "damaged",
          file.name, compression_name(file.transfer_syntax));
    }
    frames_[i] = find_frames(file);
    coded_bytes += file.file_bytes;
    decoded += frames_[i].size() * std::uint64_t{plane_samples(file.format)} * sizeof(float);
  }
  if (decoded > kAlwaysFine && decoded / kMostExpansion > coded_bytes) {
    refuse("{}: the headers promise {} MB from {} kB of compressed pixels; the series is damaged",
           files.front().name, decoded >> 20, coded_bytes >> 10);
  }
  for (const Plane& plane : planes) {
    const auto& frames = frames_[plane.file];
    const ImageFile& file = files[plane.file];
    const auto there =
        frames.empty() ? static_cast<std::size_t>(std::max(file.format.frames, 1)) : frames.size();
    if (static_cast<std::size_t>(plane.frame) >= there) {
      refuse("{}: frame {} of the header has no pixels", file.name, plane.frame + 1);
    }
    if (!(plane.slope != 0)) {
      refuse(
          "{}: Rescale Slope (0028,1053) is 0: every value would vanish; export the series again",
          file.name);
    }
  }
}

std::vector<PixelReader::Frame> PixelReader::find_frames(const ImageFile& file) {
  const auto n_frames = static_cast<std::size_t>(std::max(file.format.frames, 1));
  std::vector<Piece> pieces;
  std::vector<bool> starts;  // the fragment begins a code stream
  std::array<char, 12> head{};
  std::uint64_t at = file.pixels.offset;
  const auto get = [&](std::size_t n) {
    if (at + n > file.file_bytes) {
      refuse("{}: the compressed pixels break off; copy or export the file again", file.name);
    }
    read_bytes(file.path, file.name, at, head.data(), n);
  };
  for (bool table = true;; table = false) {
    get(8);
    const std::string_view bytes(head.data(), 8);
    const Tag tag = static_cast<Tag>(read_u16(bytes, 0, false)) << 16 | read_u16(bytes, 2, false);
    const std::uint64_t length = read_u32(bytes, 4, false);
    if (tag == kSequenceEnd) break;
    if (tag != kItem || at + 8 + length > file.file_bytes) {
      refuse("{}: the compressed pixels break off; copy or export the file again", file.name);
    }
    if (!table) {
      bool begins = false;
      if (length >= 4) {
        get(12);
        const std::string_view first(head.data() + 8, 2);
        begins = first == "\xFF\xD8" || first == "\xFF\x4F";
      }
      pieces.push_back({at + 8, length});
      starts.push_back(begins);
    }
    at += 8 + length;
  }
  std::vector<Frame> frames;
  if (pieces.size() == n_frames) {
    for (const Piece& piece : pieces) frames.push_back({piece});
  } else if (n_frames == 1 && !pieces.empty()) {
    frames.push_back(pieces);
  } else {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (starts[i] || frames.empty()) frames.emplace_back();
      frames.back().push_back(pieces[i]);
    }
  }
  if (frames.size() != n_frames) {
    refuse("{}: {} compressed frames, Number of Frames says {}; the file is damaged", file.name,
           frames.size(), n_frames);
  }
  return frames;
}

std::vector<char> PixelReader::coded(const ImageFile& file, const Frame& frame) const {
  std::vector<char> bytes;
  for (const Piece& piece : frame) {
    const std::size_t before = bytes.size();
    bytes.resize(before + static_cast<std::size_t>(piece.length));
    read_bytes(file.path, file.name, piece.offset, bytes.data() + before,
               static_cast<std::size_t>(piece.length));
  }
  return bytes;
}

std::vector<char> PixelReader::stored(const Plane& plane) const {
  const ImageFile& file = (*files_)[plane.file];
  const auto frame = static_cast<std::size_t>(plane.frame);
  const std::size_t width = sample_bytes(file.format);
  std::vector<char> bytes;
  if (!frames_[plane.file].empty()) {
    const auto stream = coded(file, frames_[plane.file][frame]);
    bytes = decode_frame({stream.data(), stream.size()}, file);
  } else {
    bytes.resize(plane_samples(file.format) * width);
    const std::uint64_t offset = file.pixels.offset + std::uint64_t{frame} * bytes.size();
    if (file.inflated) {
      std::memcpy(bytes.data(), file.inflated->data() + offset, bytes.size());
    } else {
      read_bytes(file.path, file.name, offset, bytes.data(), bytes.size());
    }
    if (file.big_endian) swap_samples(bytes, width);
  }
  if (file.pixels.tag != kPixelData) return bytes;
  if (width == 1) settle_bits<std::uint8_t>(bytes, file.format);
  if (width == 2) settle_bits<std::uint16_t>(bytes, file.format);
  if (width == 4) settle_bits<std::uint32_t>(bytes, file.format);
  return bytes;
}

void PixelReader::convert(const std::vector<char>& stored, const Plane& plane,
                          float* values) const {
  const ImageFile& file = (*files_)[plane.file];
  const bool is_signed = file.format.is_signed;
  bool good = true;
  const auto run = [&]<typename Sample>(Sample) {
    good = scale<Sample>(stored, plane.slope, plane.intercept, values);
  };
  if (file.pixels.tag == kFloatPixelData) {
    run(float{});
  } else if (file.pixels.tag == kDoublePixelData) {
    run(double{});
  } else if (file.format.bits_allocated == 8) {
    is_signed ? run(std::int8_t{}) : run(std::uint8_t{});
  } else if (file.format.bits_allocated == 16) {
    is_signed ? run(std::int16_t{}) : run(std::uint16_t{});
  } else {
    is_signed ? run(std::int32_t{}) : run(std::uint32_t{});
  }
  if (!good) {
    refuse(
        "{}: a pixel is not a finite number after slope {} and intercept {}; the file is damaged",
        file.name, plane.slope, plane.intercept);
  }
}

}  // namespace sojourn::io::dicom
