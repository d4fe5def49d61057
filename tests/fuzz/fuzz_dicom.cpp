// DICOM import of one file of any bytes: an image, or Error(bad_input); nothing else.
#include <cstdlib>
#include <vector>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/dicom_read.h"
#include "sojourn/io/dicom_write.h"

namespace {

/// A small file by hand: preamble, file meta, then explicit little-endian elements.
class Bytes {
 public:
  explicit Bytes(const std::string& syntax) : text_(128, '\0') {
    text_ += "DICM";
    element(0x0002, 0x0010, "UI", syntax);
  }
  Bytes& element(unsigned group, unsigned tag, const char* vr, std::string value) {
    if (value.size() % 2 != 0) value += vr == std::string("UI") ? '\0' : ' ';
    u16(group);
    u16(tag);
    text_ += vr;
    const bool is_long = std::string("OW OB SQ UN").find(vr) != std::string::npos;
    if (is_long) u16(0);
    u16(static_cast<unsigned>(value.size()));
    if (is_long) u16(0);
    text_ += value;
    return *this;
  }
  Bytes& number(unsigned group, unsigned tag, unsigned value) {
    return element(group, tag, "US",
                   {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8)});
  }
  Bytes& raw(const std::string& bytes) {
    text_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void u16(unsigned value) {
    text_ += static_cast<char>(value & 0xFF);
    text_ += static_cast<char>(value >> 8 & 0xFF);
  }
  std::string text_;
};

Bytes slice(const std::string& syntax, const std::string& sop_class, const std::string& modality) {
  Bytes b(syntax);
  b.element(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\RECON TOMO")
      .element(0x0008, 0x0016, "UI", sop_class);
  b.element(0x0008, 0x0021, "DA", "20260302").element(0x0008, 0x0031, "TM", "100000");
  b.element(0x0008, 0x0060, "CS", modality).element(0x0009, 0x100D, "UN", "20260302095900.00");
  b.element(0x0018, 0x0050, "DS", "4").element(0x0020, 0x000E, "UI", "1.2");
  b.element(0x0020, 0x0032, "DS", "0\\0\\0").element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
  b.number(0x0028, 0x0002, 1)
      .element(0x0028, 0x0004, "CS", "MONOCHROME2")
      .element(0x0028, 0x0008, "IS", "1");
  b.number(0x0028, 0x0010, 2).number(0x0028, 0x0011, 2).element(0x0028, 0x0030, "DS", "2\\2");
  b.number(0x0028, 0x0100, 16)
      .number(0x0028, 0x0101, 16)
      .number(0x0028, 0x0102, 15)
      .number(0x0028, 0x0103, 0);
  b.element(0x0028, 0x1052, "DS", "0").element(0x0028, 0x1053, "DS", "2.5");
  const std::string dose(
      "\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF\x18\x00\x74\x10"
      "DS\x02\x00"
      "37\xFE\xFF\x0D\xE0\x00\x00\x00\x00",
      26);
  b.element(0x0054, 0x0016, "SQ", dose).element(0x0054, 0x1001, "CS", "BQML");
  return b;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  using sojourn::fuzz::seed;
  const std::string base = "1.2.840.10008.5.1.4.1.1.", plain = "1.2.840.10008.1.2.1";
  const std::string pixels(8, '\x11');
  for (const auto& [leaf, modality] : std::vector<std::pair<std::string, std::string>>{
           {"128", "PT"}, {"130", "PT"}, {"20", "NM"}, {"2", "CT"}}) {
    seed("plain_" + leaf,
         slice(plain, base + leaf, modality).element(0x7FE0, 0x0010, "OW", pixels).text());
  }
  // Encapsulated pixels: an empty offset table, one fragment, the end. RLE of 2 x 2 16-bit: two
  // segments of 4 bytes.
  std::string rle(64, '\0');
  rle[0] = 2, rle[4] = 64, rle[8] = 66;
  rle += std::string("\xFD\x01\xFD\x02", 4);
  const auto wrap = [](const std::string& coded) {
    return std::string(
               "\xE0\x7F\x10\x00OB\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\x00\x00\x00\x00\xFE\xFF"
               "\x00\xE0",
               24) +
           std::string{static_cast<char>(coded.size()), '\0', '\0', '\0'} + coded +
           std::string("\xFE\xFF\xDD\xE0\x00\x00\x00\x00", 8);
  };
  seed("rle", slice("1.2.840.10008.1.2.5", base + "128", "PT").raw(wrap(rle)).text());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::put("input", data, size);
  for (const char* modality : {"", "CT"}) {
    try {
      (void)sojourn::io::import_dicom(file, {modality, "", ""});
    } catch (const sojourn::Error& problem) {
      if (problem.code() != sojourn::ErrorCode::bad_input) std::abort();
    }
  }
  return 0;
}
