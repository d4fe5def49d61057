#include "sojourn/io/dicom_decode.h"

#include <gdcmByteValue.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <mutex>
#include <optional>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_jpeg_lossless.h"

namespace sojourn::io::dicom {
namespace {

/// Transfer syntaxes of PS3.5 annex A.
constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
constexpr std::string_view kJpeg = "1.2.840.10008.1.2.4.";

/// What a code stream says of itself.
struct StreamShape {
  std::size_t rows = 0, columns = 0;
  int components = 0, bits = 0;
};

std::optional<StreamShape> jpeg_shape(std::string_view s) {
  if (s.size() < 4 || s.substr(0, 2) != "\xFF\xD8") return std::nullopt;
  for (std::size_t at = 2; at + 10 <= s.size();) {
    if (s[at] != '\xFF') return std::nullopt;
    const auto marker = static_cast<unsigned char>(s[at + 1]);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const std::size_t length = read_u16(s, at + 2, true);
    const bool frame =
        (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) ||
        marker == 0xF7;
    if (frame) {
      return StreamShape{read_u16(s, at + 5, true), read_u16(s, at + 7, true),
                         static_cast<unsigned char>(s[at + 9]),
                         static_cast<unsigned char>(s[at + 4])};
    }
    if (length < 2 || marker == 0xDA) return std::nullopt;
    at += 2 + length;
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
  const auto xr = s[soc + 43], yr = s[soc + 44];
  if (xr != 1 || yr != 1 || tiles > 65535)
    return std::nullopt;  // subsampled, or more tiles than the standard has
  return StreamShape{y1 - y0, x1 - x0, read_u16(s, soc + 40, true),
                     (static_cast<unsigned char>(s[soc + 42]) & 0x7F) + 1};
}

void check_stream(std::string_view coded, const ImageFile& file, Compression how) {
  const auto shape = how == Compression::jpeg_2000 ? jpeg_2000_shape(coded) : jpeg_shape(coded);
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
        "{} with 1 of {}; "
        "the file is damaged",
        file.name, shape->columns, shape->rows, shape->components, shape->bits, format.columns,
        format.rows, format.bits_allocated);
  }
}

/// PackBits of one byte plane (PS3.5 annex G.3). @return how many bytes came.
std::size_t unpack_bits(std::string_view in, char* out, std::size_t n, std::size_t stride) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < in.size() && done < n;) {
    const int code = static_cast<signed char>(in[at++]);
    if (code == -128) continue;
    const bool copies = code >= 0;
    const std::size_t run =
        copies ? static_cast<std::size_t>(code) + 1 : static_cast<std::size_t>(1 - code);
    if (at >= in.size()) break;
    for (std::size_t i = 0; i < run && done < n; ++i, ++done) {
      if (copies && at >= in.size()) return done;
      out[done * stride] = in[at];
      if (copies) ++at;
    }
    if (!copies) ++at;
  }
  return done;
}

std::vector<char> decode_rle(std::string_view coded, const ImageFile& file) {
  const std::size_t width = static_cast<std::size_t>(file.format.bits_allocated) / 8;
  const std::size_t n =
      static_cast<std::size_t>(file.format.rows) * static_cast<std::size_t>(file.format.columns);
  const auto broken = [&] {
    refuse("{}: its RLE pixels are broken; copy or export the file again", file.name);
  };
  if (coded.size() < 64 || read_u32(coded, 0, false) != width) broken();
  std::vector<char> out(n * width);
  for (std::size_t s = 0; s < width; ++s) {
    const std::size_t begin = read_u32(coded, 4 + 4 * s, false);
    const std::size_t next = s + 1 < width ? read_u32(coded, 8 + 4 * s, false) : coded.size();
    if (begin < 64 || begin > next || next > coded.size()) broken();
    // Segments hold the most significant bytes first; samples are kept little-endian.
    if (unpack_bits(coded.substr(begin, next - begin), out.data() + (width - 1 - s), n, width) != n)
      broken();
  }
  return out;
}

/// Runs one codec alone: gdcm::Bitmap would try others after a failure, external programs among
/// them.
template <typename Codec>
gdcm::DataElement decode_with(const gdcm::DataElement& pixels, const PixelFormat& format) {
  const auto u16 = [](int value) { return static_cast<unsigned short>(value); };
  const unsigned size[3] = {static_cast<unsigned>(format.columns),
                            static_cast<unsigned>(format.rows), 1};
  Codec codec;
  codec.SetNumberOfDimensions(2);
  codec.SetDimensions(size);
  codec.SetPlanarConfiguration(0);
  codec.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
  codec.SetPixelFormat(gdcm::PixelFormat(1, u16(format.bits_allocated), u16(format.bits_stored),
                                         u16(format.high_bit), u16(format.is_signed ? 1 : 0)));
  gdcm::DataElement decoded;
  if (!codec.Decode(pixels, decoded)) return {};
  return decoded;
}

gdcm::DataElement run_codec(Compression how, const gdcm::DataElement& pixels,
                            const PixelFormat& format) {
  if (how == Compression::jpeg_ls) return decode_with<gdcm::JPEGLSCodec>(pixels, format);
  return decode_with<gdcm::JPEG2000Codec>(pixels, format);
}

std::vector<char> decode_gdcm(std::string_view coded, const ImageFile& file) {
  static std::once_flag quiet;
  std::call_once(quiet, [] {
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
  });
  const PixelFormat& format = file.format;
  gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = gdcm::SequenceOfFragments::New();
  gdcm::Fragment fragment;
  std::string even(coded);  // fragments have even length
  if (even.size() % 2 != 0) even.push_back('\0');
  fragment.SetByteValue(even.data(), gdcm::VL(static_cast<std::uint32_t>(even.size())));
  fragments->AddFragment(fragment);
  gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010));
  pixels.SetVR(gdcm::VR::OB);
  pixels.SetValue(*fragments);
  const std::size_t expected = static_cast<std::size_t>(format.rows) *
                               static_cast<std::size_t>(format.columns) *
                               static_cast<std::size_t>(format.bits_allocated) / 8;
  const gdcm::DataElement decoded = run_codec(compression_of(file.transfer_syntax), pixels, format);
  const gdcm::ByteValue* values = decoded.GetByteValue();
  // Values are padded to an even length.
  if (values == nullptr || values->GetLength() < expected || values->GetLength() > expected + 1) {
    refuse(
        "{}: its {} pixels cannot be decoded; copy or export the file again, or decompress it "
        "(gdcmconv --raw)",
        file.name, compression_name(file.transfer_syntax));
  }
  return {values->GetPointer(), values->GetPointer() + expected};
}

}  // namespace

Compression compression_of(const std::string& syntax) {
  if (syntax == kRle) return Compression::rle;
  if (!syntax.starts_with(kJpeg)) {
    const bool plain = syntax.empty() || syntax == "1.2.840.10008.1.2" ||
                       syntax == "1.2.840.10008.1.2.1" || syntax == "1.2.840.10008.1.2.2" ||
                       syntax == "1.2.840.10008.1.2.1.99";
    return plain ? Compression::none : Compression::unsupported;
  }
  const std::string_view leaf = std::string_view(syntax).substr(kJpeg.size());
  if (leaf == "57" || leaf == "70") return Compression::jpeg;
  if (leaf == "80" || leaf == "81") return Compression::jpeg_ls;
  if (leaf == "90" || leaf == "91") return Compression::jpeg_2000;
  return Compression::unsupported;
}

bool is_lossy(const std::string& syntax) { return syntax == "1.2.840.10008.1.2.4.81"; }

std::string compression_name(const std::string& syntax) {
  switch (compression_of(syntax)) {
    case Compression::none:
      return "uncompressed";
    case Compression::rle:
      return "RLE";
    case Compression::jpeg:
      return "JPEG";
    case Compression::jpeg_ls:
      return "JPEG-LS";
    case Compression::jpeg_2000:
      return "JPEG 2000";
    case Compression::unsupported:
      break;
  }
  return "transfer syntax " + syntax.substr(0, 64);
}

std::vector<char> decode_frame(std::string_view coded, const ImageFile& file) {
  const Compression how = compression_of(file.transfer_syntax);
  if (how == Compression::rle) return decode_rle(coded, file);
  check_stream(coded, file, how);
  if (how == Compression::jpeg) {
    auto samples = decode_jpeg_lossless(coded, static_cast<std::size_t>(file.format.rows),
                                        static_cast<std::size_t>(file.format.columns),
                                        static_cast<std::size_t>(file.format.bits_allocated) / 8);
    if (samples) return *std::move(samples);
    refuse("{}: its lossless JPEG pixels are broken; copy or export the file again", file.name);
  }
  try {
    return decode_gdcm(coded, file);
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {  // GDCM and the codecs under it throw types of their own
    refuse("{}: its {} pixels cannot be decoded; copy or export the file again", file.name,
           compression_name(file.transfer_syntax));
  }
}

}  // namespace sojourn::io::dicom
