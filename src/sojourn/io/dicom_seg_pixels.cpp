#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gdcmImageReader.h>

#include <cstring>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_seg_layout.h"

namespace sojourn::io::seg {
namespace {

using region_file::File;

std::uint64_t bytes_needed(const Layout& layout) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(layout.frame_pixels()) * layout.frames();
  return layout.bits == 1 ? (pixels + 7) / 8 : pixels * static_cast<std::uint64_t>(layout.bits / 8);
}

[[noreturn]] void refuse_short(const File& file, std::uint64_t has, std::uint64_t needs) {
  refuse(
      "{}: the pixel data hold {} bytes where {} x {} frames need {} (truncated file or wrong "
      "frame count); "
      "copy the file again",
      file.name(), has, "Rows x Columns", "Number of Frames", needs);
}

/// Values as they lie in the file; 16-bit words come in the order of this machine (little endian).
std::vector<std::uint8_t> native_pixels(const File& file, std::uint64_t needs) {
  DcmElement* element = nullptr;
  if (file.dataset().findAndGetElement(DCM_PixelData, element).bad()) {
    refuse("{}: no pixel data (7FE0,0010); check the file", file.name());
  }
  const std::uint64_t has = element->getLength();
  if (has < needs || has > file.bytes())
    refuse_short(file, std::min<std::uint64_t>(has, file.bytes()), needs);
  std::vector<std::uint8_t> bytes(needs);
  const bool words = element->getVR() == EVR_OW || element->ident() == EVR_OW ||
                     element->getTag().getEVR() == EVR_OW;
  if (Uint8* from = nullptr; !words && element->getUint8Array(from).good() && from != nullptr) {
    std::memcpy(bytes.data(), from, needs);
  } else if (Uint16* pairs = nullptr;
             element->getUint16Array(pairs).good() && pairs != nullptr && has / 2 * 2 >= needs) {
    std::memcpy(bytes.data(), pairs, needs);
  } else {
    refuse("{}: the pixel data cannot be read; copy the file again", file.name());
  }
  return bytes;
}

/// JPEG, JPEG-LS and JPEG 2000 through GDCM.
std::vector<std::uint8_t> decoded_pixels(const File& file, const std::string& path,
                                         std::uint64_t needs) {
  gdcm::ImageReader reader;
  reader.SetFileName(path.c_str());
  if (!reader.Read())
    refuse("{}: the compressed pixel data cannot be read; decompress the file", file.name());
  const gdcm::Image& image = reader.GetImage();
  const std::uint64_t has = image.GetBufferLength();
  if (has < needs || has > needs + 8) refuse_short(file, has, needs);
  std::vector<char> buffer(has);
  if (!image.GetBuffer(buffer.data())) {
    refuse("{}: the compressed pixel data cannot be decoded; decompress the file", file.name());
  }
  std::vector<std::uint8_t> bytes(needs);
  std::memcpy(bytes.data(), buffer.data(), needs);
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> read_pixels(const File& file, const std::string& path,
                                      const Layout& layout) {
  const std::uint64_t needs = bytes_needed(layout);
  const DcmXfer syntax(file.dataset().getOriginalXfer());
  if (!syntax.isEncapsulated()) return native_pixels(file, needs);
  // A byte of compressed data stands for at most 64 (RLE) to some thousands (JPEG 2000) of pixels'
  // bytes.
  if (needs / 4096 > file.bytes()) refuse_short(file, file.bytes(), needs);
  if (syntax.getXfer() != EXS_RLELossless) return decoded_pixels(file, path, needs);
  DcmRLEDecoderRegistration::registerCodecs();
  if (file.dataset().chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad()) {
    refuse("{}: the RLE pixel data cannot be decoded; copy the file again", file.name());
  }
  DcmElement* element = nullptr;
  Uint8* from = nullptr;
  Uint16* pairs = nullptr;
  if (file.dataset().findAndGetElement(DCM_PixelData, element).bad() ||
      element->getLength() < needs) {
    refuse_short(file, element == nullptr ? 0 : element->getLength(), needs);
  }
  std::vector<std::uint8_t> bytes(needs);
  if (element->getUint8Array(from).good() && from != nullptr) {
    std::memcpy(bytes.data(), from, needs);
  } else if (element->getUint16Array(pairs).good() && pairs != nullptr &&
             element->getLength() - element->getLength() % 2 >= needs) {
    std::memcpy(bytes.data(), pairs, needs);
  } else {
    refuse("{}: the RLE pixel data cannot be decoded; copy the file again", file.name());
  }
  return bytes;
}

}  // namespace sojourn::io::seg
