#include "sojourn/io/dicom_decode.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledec.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <gdcmByteValue.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_stream.h"

namespace sojourn::io::dicom {
namespace {

/// Transfer syntaxes of PS3.5 annex A.
constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
constexpr std::string_view kJpeg = "1.2.840.10008.1.2.4.";

[[noreturn]] void broken(const ImageFile& file) {
  refuse(
      "{}: its {} pixels cannot be decoded; copy or export the file again, or decompress it "
      "(gdcmconv --raw)",
      file.name, compression_name(file.transfer_syntax));
}

std::size_t frame_samples(const PixelFormat& format) {
  return static_cast<std::size_t>(format.rows) * static_cast<std::size_t>(format.columns);
}

/// The header of an RLE frame lists where the segments of its byte planes begin (PS3.5 annex G.5);
/// DCMTK decodes each of them.
std::vector<char> decode_rle(std::string_view coded, const ImageFile& file) {
  const std::size_t width = static_cast<std::size_t>(file.format.bits_allocated) / 8;
  const std::size_t n = frame_samples(file.format);
  if (coded.size() < 64 || read_u32(coded, 0, false) != width) broken(file);
  std::string bytes(coded);  // the decoder asks for writable bytes
  std::vector<char> out(n * width);
  DcmRLEDecoder decoder(n);
  for (std::size_t s = 0; s < width; ++s) {
    const std::size_t begin = read_u32(coded, 4 + 4 * s, false);
    const std::size_t end = s + 1 < width ? read_u32(coded, 8 + 4 * s, false) : coded.size();
    if (begin < 64 || begin > end || end > coded.size()) broken(file);
    decoder.clear();
    (void)decoder.decompress(bytes.data() + begin, end - begin);
    if (decoder.fail() || decoder.size() != n) broken(file);
    const char* plane = static_cast<const char*>(decoder.getOutputBuffer());
    // Segments hold the most significant bytes first; samples are kept little-endian.
    for (std::size_t i = 0; i < n; ++i) out[i * width + width - 1 - s] = plane[i];
  }
  return out;
}

/// DCMTK's decoder for 16 bits, which reads lossless frames of fewer bits as well. It goes on after
/// damage with a warning and made-up samples, so warnings are counted.
class JpegDecoder : public DJDecompressIJG16Bit {
 public:
  explicit JpegDecoder(const DJCodecParameter& parameters)
      : DJDecompressIJG16Bit(parameters, OFFalse) {}
  void emitMessage(int level) const override { warned_ = warned_ || level < 0; }
  [[nodiscard]] bool warned() const { return warned_; }

 private:
  mutable bool warned_ = false;
};

std::vector<char> decode_jpeg(std::string_view coded, const ImageFile& file) {
  if (file.format.bits_allocated > 16) broken(file);
  const DJCodecParameter parameters(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
  JpegDecoder decoder(parameters);
  std::vector<Uint16> samples(frame_samples(file.format));
  std::vector<Uint8> bytes(coded.begin(), coded.end());  // the decoder asks for writable bytes
  std::vector<char> out(samples.size() * sizeof(Uint16));
  if (decoder.init().bad() ||
      decoder
          .decode(bytes.data(), static_cast<Uint32>(bytes.size()),
                  reinterpret_cast<Uint8*>(samples.data()), static_cast<Uint32>(out.size()),
                  OFFalse)
          .bad() ||
      decoder.warned()) {
    broken(file);
  }
  if (file.format.bits_allocated == 16) {
    std::memcpy(out.data(), samples.data(), out.size());
    return out;
  }
  out.resize(samples.size());
  std::transform(samples.begin(), samples.end(), out.begin(),
                 [](Uint16 value) { return static_cast<char>(value & 0xFF); });
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
  const std::size_t expected =
      frame_samples(format) * static_cast<std::size_t>(format.bits_allocated) / 8;
  const gdcm::DataElement decoded = run_codec(compression_of(file.transfer_syntax), pixels, format);
  const gdcm::ByteValue* values = decoded.GetByteValue();
  // Values are padded to an even length.
  if (values == nullptr || values->GetLength() < expected || values->GetLength() > expected + 1)
    broken(file);
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
  if (how == Compression::jpeg) return decode_jpeg(coded, file);
  try {
    return decode_gdcm(coded, file);
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {  // GDCM and the codecs under it throw types of their own
    broken(file);
  }
}

}  // namespace sojourn::io::dicom
