#include "sojourn/io/nifti_header.h"

#include <nifti1.h>
#include <nifti2.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>

namespace sojourn::io {
namespace {

std::optional<RawType> raw_type(int code) {
  switch (code) {
    case NIFTI_TYPE_UINT8:
      return RawType::u8;
    case NIFTI_TYPE_INT8:
      return RawType::i8;
    case NIFTI_TYPE_UINT16:
      return RawType::u16;
    case NIFTI_TYPE_INT16:
      return RawType::i16;
    case NIFTI_TYPE_UINT32:
      return RawType::u32;
    case NIFTI_TYPE_INT32:
      return RawType::i32;
    case NIFTI_TYPE_UINT64:
      return RawType::u64;
    case NIFTI_TYPE_INT64:
      return RawType::i64;
    case NIFTI_TYPE_FLOAT32:
      return RawType::f32;
    case NIFTI_TYPE_FLOAT64:
      return RawType::f64;
    default:
      return std::nullopt;
  }
}

struct Raw {
  std::array<std::int64_t, 8> dim{};
  int datatype = 0, bitpix = 0, xyzt = 0;
  double offset = 0;
};

void set_type(NiftiHeader& header, const Raw& raw, const std::string& file) {
  const auto type = raw_type(raw.datatype);
  if (!type) {
    refuse(
        "{}: datatype {} (complex, colour, single-bit or unknown values) is no image of activity "
        "or labels; "
        "convert it to float32",
        file, raw.datatype);
  }
  header.type = *type;
  if (raw.bitpix != static_cast<int>(8 * bytes_of(*type))) {
    refuse("{}: bitpix {} does not fit datatype {}; the header is damaged", file, raw.bitpix,
           raw.datatype);
  }
}

void set_size(NiftiHeader& header, const Raw& raw, const std::string& file) {
  const auto axes = raw.dim[0];
  if (axes < 2 || axes > 7)
    refuse("{}: dim[0] is {}, not 2 to 7; the header is damaged", file, axes);
  constexpr std::int64_t kMost = 65536;                    // per axis; PET and CT stay below 4096
  constexpr std::int64_t kVoxels = std::int64_t{1} << 31;  // of one frame: 8 GiB as float
  std::int64_t voxels = 1;
  for (std::size_t a = 1; a <= 7; ++a) {
    const std::int64_t n = a <= static_cast<std::size_t>(axes) ? raw.dim[a] : 1;
    if (n < 1 || n > kMost) {
      refuse("{}: dim[{}] is {}, outside 1 to {}; the header is damaged", file, a, n, kMost);
    }
    if (a <= 3) {
      header.size[a - 1] = static_cast<int>(n);
      voxels *= n;
    } else if (a == 4) {
      header.frames = static_cast<int>(n);
    } else if (n != 1) {
      refuse(
          "{}: dim[{}] is {} (vectors or several channels); give a 3D image or a 4D image of "
          "frames",
          file, a, n);
    }
    if (voxels > kVoxels) refuse("{}: over 2^31 voxels in one frame; the header is damaged", file);
  }
}

void set_units(NiftiHeader& header, const Raw& raw, const std::string& file) {
  switch (XYZT_TO_SPACE(raw.xyzt)) {
    case NIFTI_UNITS_UNKNOWN:
      break;
    case NIFTI_UNITS_METER:
      header.mm_per_unit = 1000, header.unit_stated = true;
      break;
    case NIFTI_UNITS_MM:
      header.unit_stated = true;
      break;
    case NIFTI_UNITS_MICRON:
      header.mm_per_unit = 0.001, header.unit_stated = true;
      break;
    default:
      refuse("{}: xyzt_units {} names no unit of length; rewrite the header in millimetres", file,
             raw.xyzt);
  }
}

void set_data(NiftiHeader& header, const Raw& raw, std::size_t head_bytes,
              const std::string& file) {
  if (!std::isfinite(header.slope) || !std::isfinite(header.intercept)) {
    refuse("{}: scl_slope {} or scl_inter {} is not finite; rewrite the header", file, header.slope,
           header.intercept);
  }
  if (header.slope == 0) header.slope = 1, header.intercept = 0;
  const double least = header.pair ? 0.0 : static_cast<double>(head_bytes);
  constexpr double kMost = 1e12;
  if (!(raw.offset >= least && raw.offset <= kMost) || raw.offset != std::floor(raw.offset)) {
    // nifti1.h: in a pair 0 is usual; in one file the data come after the header.
    refuse("{}: vox_offset {} is not a place after the header; the header is damaged", file,
           raw.offset);
  }
  header.data_offset = static_cast<std::uint64_t>(raw.offset);
}

// The two layouts differ in offsets and widths only; niftilib's structs give both.
#define SOJOURN_AT1(field) offsetof(nifti_1_header, field)
#define SOJOURN_AT2(field) offsetof(nifti_2_header, field)

Raw read_1(const ByteView& in, NiftiHeader& h) {
  Raw raw;
  for (std::size_t i = 0; i < 8; ++i) {
    raw.dim[i] = in.get<std::int16_t>(SOJOURN_AT1(dim) + 2 * i);
    h.pixdim[i] = in.get<float>(SOJOURN_AT1(pixdim) + 4 * i);
  }
  raw.datatype = in.get<std::int16_t>(SOJOURN_AT1(datatype));
  raw.bitpix = in.get<std::int16_t>(SOJOURN_AT1(bitpix));
  raw.xyzt = in.get<std::uint8_t>(SOJOURN_AT1(xyzt_units));
  raw.offset = in.get<float>(SOJOURN_AT1(vox_offset));
  h.slope = in.get<float>(SOJOURN_AT1(scl_slope));
  h.intercept = in.get<float>(SOJOURN_AT1(scl_inter));
  h.qform_code = in.get<std::int16_t>(SOJOURN_AT1(qform_code));
  h.sform_code = in.get<std::int16_t>(SOJOURN_AT1(sform_code));
  for (std::size_t i = 0; i < 3; ++i) {
    h.quatern[i] = in.get<float>(SOJOURN_AT1(quatern_b) + 4 * i);
    h.qoffset[i] = in.get<float>(SOJOURN_AT1(qoffset_x) + 4 * i);
    for (std::size_t j = 0; j < 4; ++j)
      h.srow[i][j] = in.get<float>(SOJOURN_AT1(srow_x) + 16 * i + 4 * j);
  }
  return raw;
}

Raw read_2(const ByteView& in, NiftiHeader& h) {
  Raw raw;
  for (std::size_t i = 0; i < 8; ++i) {
    raw.dim[i] = in.get<std::int64_t>(SOJOURN_AT2(dim) + 8 * i);
    h.pixdim[i] = in.get<double>(SOJOURN_AT2(pixdim) + 8 * i);
  }
  raw.datatype = in.get<std::int16_t>(SOJOURN_AT2(datatype));
  raw.bitpix = in.get<std::int16_t>(SOJOURN_AT2(bitpix));
  raw.xyzt = in.get<std::int32_t>(SOJOURN_AT2(xyzt_units));
  raw.offset = static_cast<double>(in.get<std::int64_t>(SOJOURN_AT2(vox_offset)));
  h.slope = in.get<double>(SOJOURN_AT2(scl_slope));
  h.intercept = in.get<double>(SOJOURN_AT2(scl_inter));
  h.qform_code = in.get<std::int32_t>(SOJOURN_AT2(qform_code));
  h.sform_code = in.get<std::int32_t>(SOJOURN_AT2(sform_code));
  for (std::size_t i = 0; i < 3; ++i) {
    h.quatern[i] = in.get<double>(SOJOURN_AT2(quatern_b) + 8 * i);
    h.qoffset[i] = in.get<double>(SOJOURN_AT2(qoffset_x) + 8 * i);
    for (std::size_t j = 0; j < 4; ++j)
      h.srow[i][j] = in.get<double>(SOJOURN_AT2(srow_x) + 32 * i + 8 * j);
  }
  return raw;
}

bool is_big_endian(std::span<const std::byte> head) {
  const auto size = ByteView(head, false).get<std::int32_t>(0);
  return size != static_cast<int>(kNifti1Bytes) && size != static_cast<int>(kNifti2Bytes);
}

/// Web pages of failed downloads and the pointers that git-annex, Git LFS and DataLad leave are
/// printable; a header, full of binary numbers, is not.
bool is_text(std::span<const std::byte> head) {
  return std::all_of(head.begin(), head.end(), [](std::byte b) {
    const auto c = std::to_integer<unsigned>(b);
    return c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

int nifti_version(std::span<const std::byte> head) {
  if (head.size() < kNifti1Bytes) return 0;
  const ByteView in(head, is_big_endian(head));
  const auto size = in.get<std::int32_t>(0);
  if (size == static_cast<int>(kNifti1Bytes)) {
    const std::string magic = in.text(SOJOURN_AT1(magic), 4);
    return magic == "n+1" || magic == "ni1" ? 1 : 0;
  }
  if (size == static_cast<int>(kNifti2Bytes)) {
    const std::string magic = in.text(SOJOURN_AT2(magic), 4);
    return magic == "n+2" || magic == "ni2" ? 2 : 0;
  }
  return 0;
}

NiftiHeader parse_nifti_header(std::span<const std::byte> head, const std::string& file) {
  NiftiHeader header;
  header.version = nifti_version(head);
  if (header.version == 0) {
    if (is_text(head)) {
      refuse("{}: {} (a placeholder, or a download that failed); fetch the image itself", file,
             head.empty() ? "the file is empty" : "a text where the image should be");
    }
    refuse(
        "{}: no NIfTI header (size or magic is wrong; Analyze 7.5 states no orientation); export "
        "it as NIfTI",
        file);
  }
  const std::size_t bytes = header.version == 1 ? kNifti1Bytes : kNifti2Bytes;
  if (head.size() < bytes) refuse("{}: ends inside its header; copy the file again", file);
  header.big_endian = is_big_endian(head);
  const ByteView in(head, header.big_endian);
  header.pair = in.text(header.version == 1 ? SOJOURN_AT1(magic) : SOJOURN_AT2(magic), 2) == "ni";
  const Raw raw = header.version == 1 ? read_1(in, header) : read_2(in, header);
  set_size(header, raw, file);
  set_type(header, raw, file);
  set_units(header, raw, file);
  set_data(header, raw, bytes, file);
  return header;
}

}  // namespace sojourn::io
