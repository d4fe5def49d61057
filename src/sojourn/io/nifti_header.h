#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "sojourn/io/raw_values.h"

namespace sojourn::io {

/// The fields of a NIfTI-1 or NIfTI-2 header that an image needs, of either byte order, checked:
/// the type is one we read, dimensions are positive and their product is what a machine can hold.
/// @source NIfTI-1: nifti1.h (R. W. Cox et al., NIMH, 2003-2005); NIfTI-2: nifti2.h (2011); layouts
/// from niftilib.
struct NiftiHeader {
  int version = 1;
  bool big_endian = false;
  bool pair = false;  ///< pixels in an .img beside the .hdr
  std::array<int, 3> size{1, 1, 1};
  int frames = 1;
  RawType type = RawType::f32;
  double slope = 1, intercept = 0;  ///< slope 0 in the file means none
  std::uint64_t data_offset = 0;
  double mm_per_unit = 1;
  bool unit_stated = false;
  int qform_code = 0, sform_code = 0;
  std::array<double, 8> pixdim{};
  std::array<double, 3> quatern{}, qoffset{};
  std::array<std::array<double, 4>, 3> srow{};
};

inline constexpr std::size_t kNifti1Bytes = 348, kNifti2Bytes = 540;

/// 1 or 2 where the bytes open a NIfTI header of that version, 0 otherwise (Analyze 7.5 too).
[[nodiscard]] int nifti_version(std::span<const std::byte> head);

/// @param head the first 348 or 540 bytes. @param file name for messages.
/// @throws Error(bad_input) naming the field and its value.
[[nodiscard]] NiftiHeader parse_nifti_header(std::span<const std::byte> head,
                                             const std::string& file);

}  // namespace sojourn::io
