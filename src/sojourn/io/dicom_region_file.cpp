#include "sojourn/io/dicom_region_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_file.h"

namespace sojourn::io::region_file {
namespace fs = std::filesystem;
namespace {

/// Larger files are no segmentation or structure set of one study.
constexpr std::uintmax_t kLargestFile = std::uintmax_t{4} << 30;

std::string cleaned(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  const auto from = text.find_first_not_of(' ');
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

/// DCMTK descends into sequences by recursion, so hostile nesting would exhaust its stack: look
/// before it.
void check_nesting(const dicom::Dataset& data, int depth) {
  constexpr int kDeepest = 16;  // real objects stay under 8
  if (depth > kDeepest) throw dicom::Malformed("sequences are nested too deeply");
  for (const dicom::Element& element : data.elements) {
    const bool declared = element.vr[0] == 'S' && element.vr[1] == 'Q';
    const bool hidden = element.vr[0] == 'U' && element.vr[1] == 'N' && element.bytes.size() >= 8 &&
                        (element.bytes.starts_with(std::string_view("\xfe\xff\x00\xe0", 4)) ||
                         element.bytes.starts_with(std::string_view("\xff\xfe\xe0\x00", 4)));
    if (!declared && !hidden) continue;
    for (const dicom::Dataset& item : dicom::items(data, element)) check_nesting(item, depth + 1);
  }
}

/// Where the fragments of encapsulated pixel data end.
std::size_t end_of_fragments(std::string_view bytes) {
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    const std::uint32_t length = dicom::read_u32(bytes, at + 4, false);
    const bool item = dicom::read_u16(bytes, at, false) == 0xFFFE;
    if (item && dicom::read_u16(bytes, at + 2, false) == 0xE0DD) return at + 8;
    if (!item || length > bytes.size() - at - 8) break;
    at += 8 + length;
  }
  throw dicom::Malformed("the compressed pixel data do not end");
}

/// Elements before the pixel data and behind them.
void check_structure(const fs::path& path, const std::string& name) {
  try {
    const dicom::FileHeader header = dicom::read_file_header(path, name);
    check_nesting(header.data, 0);
    if (header.pixels.tag == 0) return;
    const std::uint64_t whole = header.inflated ? header.inflated->size() : header.file_bytes;
    const std::uint64_t from = header.pixels.encapsulated
                                   ? header.pixels.offset
                                   : header.pixels.offset + header.pixels.length;
    if (from >= whole) return;
    std::string rest(whole - from, '\0');
    if (header.inflated) {
      rest = header.inflated->substr(from);
    } else {
      dicom::read_bytes(path, name, from, rest.data(), rest.size());
    }
    std::size_t at = header.pixels.encapsulated ? end_of_fragments(rest) : 0;
    while (at < rest.size()) {
      const dicom::ParsedHeader behind = dicom::parse_header(rest, header.data.encoding, at);
      check_nesting(behind.data, 0);
      if (!behind.pixels) return;
      if (behind.pixel_length > rest.size() - behind.pixel_offset)
        throw dicom::Malformed("pixel data twice");
      at = behind.pixel_offset + behind.pixel_length;
    }
  } catch (const dicom::Malformed& e) {
    refuse("{}: not a readable DICOM file ({}); copy the file again", name, e.what());
  }
}

}  // namespace

void quiet_dcmtk() {
  static std::once_flag once;
  std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

File::File(const fs::path& path) : name_(path.filename().string()) {
  std::error_code trouble;
  if (!fs::is_regular_file(path, trouble))
    refuse("{}: no such file; check the path", path.string());
  bytes_ = fs::file_size(path, trouble);
  if (trouble || bytes_ > kLargestFile) {
    refuse("{}: {} bytes, more than a DICOM file of regions may have; check the file", name_,
           bytes_);
  }
  check_structure(path, name_);
  quiet_dcmtk();
  format_ = std::make_unique<DcmFileFormat>();
  const OFCondition done = format_->loadFile(path.c_str());
  if (done.bad()) refuse("{}: not a readable DICOM file ({}); check the file", name_, done.text());
  if (dataset().card() == 0) refuse("{}: a DICOM file without content; check the file", name_);
  static_cast<void>(
      dataset().convertToUTF8());  // names only; an unknown character set leaves them as they are
}

File::~File() = default;

DcmDataset& File::dataset() const { return *format_->getDataset(); }

std::string File::sop_class() const { return text(dataset(), DCM_SOPClassUID); }

std::string File::transfer_syntax() const {
  return DcmXfer(dataset().getOriginalXfer()).getXferID();
}

std::string File::text(DcmItem& item, const DcmTagKey& tag) const {
  OFString value;
  if (item.findAndGetOFString(tag, value).bad()) return {};
  return cleaned(value.c_str());
}

std::optional<std::int64_t> File::integer(DcmItem& item, const DcmTagKey& tag) const {
  if (Uint16 word = 0; item.findAndGetUint16(tag, word).good()) return word;
  if (Uint32 word = 0; item.findAndGetUint32(tag, word).good()) return word;
  if (Sint32 word = 0; item.findAndGetSint32(tag, word).good()) return word;
  return std::nullopt;
}

std::vector<double> File::decimals(DcmItem& item, const DcmTagKey& tag, const char* what) const {
  std::vector<double> values;
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad() || element->getLength() == 0) return values;
  if (element->getLength() > bytes_)
    refuse("{}: {} is cut off (file truncated); copy it again", name_, what);
  if (const Float64* reals = nullptr;
      item.findAndGetFloat64Array(tag, reals).good() && reals != nullptr) {
    values.assign(reals, reals + element->getLength() / sizeof(Float64));
  } else {
    const char* text = nullptr;
    if (element->getString(const_cast<char*&>(text)).bad() || text == nullptr) {
      refuse("{}: {} is not a list of decimals; check the file", name_, what);
    }
    const char* end = text + std::char_traits<char>::length(text);
    while (text < end) {
      while (text < end && (*text == ' ' || *text == '+')) ++text;
      double value = 0;
      const auto [stop, fault] = std::from_chars(text, end, value);
      if (fault != std::errc()) {
        refuse("{}: {} holds something else than decimals at value {}; check the file", name_, what,
               values.size() + 1);
      }
      values.push_back(value);
      for (text = stop; text < end && *text == ' ';) ++text;
      if (text < end && *text++ != '\\') {
        refuse("{}: {} holds something else than decimals at value {}; check the file", name_, what,
               values.size());
      }
    }
  }
  for (const double value : values) {
    if (!std::isfinite(value))
      refuse("{}: {} holds a number that is not finite; check the file", name_, what);
  }
  return values;
}

std::vector<DcmItem*> File::items(DcmItem& item, const DcmTagKey& tag) const {
  std::vector<DcmItem*> found;
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad()) return found;
  auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element);
  if (sequence == nullptr || dynamic_cast<DcmPixelSequence*>(element) != nullptr) return found;
  for (DcmObject* next = sequence->nextInContainer(nullptr); next != nullptr;
       next = sequence->nextInContainer(next)) {
    if (auto* one = dynamic_cast<DcmItem*>(next)) found.push_back(one);
  }
  return found;
}

DcmItem* File::first(DcmItem& item, const DcmTagKey& tag) const {
  const std::vector<DcmItem*> all = items(item, tag);
  return all.empty() ? nullptr : all.front();
}

std::string unique_name(const std::string& name, const std::string& fallback,
                        const std::vector<std::string>& taken) {
  const std::string base = name.empty() ? fallback : name;
  std::string candidate = base;
  for (int n = 2; std::find(taken.begin(), taken.end(), candidate) != taken.end(); ++n) {
    candidate = fmt::format("{}_{}", base, n);
  }
  return candidate;
}

}  // namespace sojourn::io::region_file
