#pragma once
#include <nifti/nifti1.h>
#include <nifti/nifti2.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/core/files.h"

namespace sojourn::test {

/// A NIfTI-1 header of a small float image with both forms set to 2 mm axes along RAS; tests change
/// what they test.
inline nifti_1_header plain_header(short nx, short ny, short nz) {
  nifti_1_header h{};
  h.sizeof_hdr = 348;
  h.dim[0] = 3;
  h.dim[1] = nx, h.dim[2] = ny, h.dim[3] = nz;
  h.dim[4] = h.dim[5] = h.dim[6] = h.dim[7] = 1;
  h.datatype = NIFTI_TYPE_FLOAT32;
  h.bitpix = 32;
  h.pixdim[0] = 1;
  h.pixdim[1] = h.pixdim[2] = h.pixdim[3] = 2;
  h.vox_offset = 352;
  h.xyzt_units = NIFTI_UNITS_MM | NIFTI_UNITS_SEC;
  h.qform_code = h.sform_code = NIFTI_XFORM_SCANNER_ANAT;
  h.srow_x[0] = h.srow_y[1] = h.srow_z[2] = 2;
  std::memcpy(h.magic, "n+1", 4);
  return h;
}

template <typename Header>
std::string bytes_of_header(const Header& header) {
  std::string bytes(sizeof(Header), '\0');
  std::memcpy(bytes.data(), &header, sizeof(Header));
  return bytes;
}

template <typename T>
std::string bytes_of_values(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// Header, 4 bytes of no extension, values.
template <typename T>
void write_raw_nifti(const std::filesystem::path& file, const nifti_1_header& header,
                     const std::vector<T>& values) {
  core::write_file(file, bytes_of_header(header) + std::string(4, '\0') + bytes_of_values(values));
}

/// 1, 2, 3… for every voxel.
inline std::vector<float> ramp(std::size_t n) {
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(i + 1);
  return values;
}

}  // namespace sojourn::test
