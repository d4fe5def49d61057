#include "sojourn/io/dicom_region_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>

#include "sojourn/core/error.h"

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
