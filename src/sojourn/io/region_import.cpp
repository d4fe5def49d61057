#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <fstream>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_file.h"
#include "sojourn/io/dicom_regions.h"
#include "sojourn/io/image_import.h"
#include "sojourn/io/nifti.h"

namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

constexpr const char* kAccepted =
    "give a NIfTI label map (.nii, .nii.gz), a DICOM SEG or an RTSTRUCT";

enum class Kind { seg, rtstruct, other_dicom, nifti, unknown };

/// Bytes at the start decide, not names: DICOM's "DICM" at 128, NIfTI's header size or gzip.
Kind kind_of(const fs::path& file) {
  std::string head(132, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in) refuse("{}: cannot be read; check its permissions", file.string());
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  const auto starts = [&](std::initializer_list<int> bytes) {
    if (head.size() < bytes.size()) return false;
    std::size_t n = 0;
    for (const int byte : bytes) {
      if (static_cast<unsigned char>(head[n++]) != byte) return false;
    }
    return true;
  };
  const bool nifti = starts({0x5c, 1, 0, 0}) || starts({0, 0, 1, 0x5c}) ||
                     starts({0x1c, 2, 0, 0}) || starts({0, 0, 2, 0x1c}) || starts({0x1f, 0x8b});
  const bool dicm = head.size() == 132 && head.compare(128, 4, "DICM") == 0;
  if (nifti && !dicm) return Kind::nifti;
  if (!dicm && !starts({8, 0})) return Kind::unknown;  // group 0008 first: DICOM without preamble
  const dicom::FileHeader header = dicom::read_file_header(file, file.filename().string());
  const dicom::Element* element = header.data.find(0x00080016);
  std::string sop_class(element == nullptr ? std::string_view() : element->bytes);
  while (!sop_class.empty() && (sop_class.back() == '\0' || sop_class.back() == ' '))
    sop_class.pop_back();
  if (sop_class == UID_RTStructureSetStorage) return Kind::rtstruct;
  if (sop_class == UID_SegmentationStorage || sop_class == "1.2.840.10008.5.1.4.1.1.66.7")
    return Kind::seg;
  return Kind::other_dicom;
}

bool is_regions(const fs::path& file) {
  try {
    const Kind kind = kind_of(file);
    return kind == Kind::seg || kind == Kind::rtstruct || kind == Kind::nifti;
  } catch (const Error&) {
    return false;  // a broken file beside the regions is not asked for
  }
}

/// The one file of regions in a folder; images beside it do not count.
fs::path only_file(const fs::path& folder) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || !is_regions(entry.path())) continue;
    if (!found.empty())
      refuse("{}: several files of regions in this folder; name one of them", folder.string());
    found = entry.path();
  }
  if (found.empty())
    refuse("{}: no file of regions in this folder; {}", folder.string(), kAccepted);
  return found;
}

}  // namespace

records::RegionSet import_regions(const fs::path& path, const image::Geometry& image) {
  std::error_code trouble;
  if (!fs::exists(path, trouble)) refuse("{}: no such file; check the path", path.string());
  const fs::path file = fs::is_directory(path) ? only_file(path) : path;
  switch (kind_of(file)) {
    case Kind::seg:
      return read_dicom_seg(file);
    case Kind::rtstruct:
      return read_rtstruct(file, image);
    case Kind::nifti:
      return read_nifti_labels(file);
    case Kind::other_dicom:
      refuse("{}: a DICOM file without regions (an image?); {}", file.string(), kAccepted);
    case Kind::unknown:
      break;
  }
  refuse("{}: not a file of regions; {}", file.string(), kAccepted);
}

}  // namespace sojourn::io
