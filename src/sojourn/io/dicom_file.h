#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "sojourn/io/dicom_dataset.h"

namespace sojourn::io::dicom {

/// Where the pixels of a file lie.
struct PixelPlace {
  Tag tag = 0;               ///< 0: the file has no pixel data
  std::uint64_t offset = 0;  ///< of the value, in the file
  std::uint64_t length = 0;  ///< bytes; up to the end of the file for encapsulated data
  bool encapsulated = false;
};

/// The header of a DICOM file, up to its pixels.
struct FileHeader {
  std::shared_ptr<const std::string> bytes;  ///< keeps what `data` points into
  Dataset data;
  std::string transfer_syntax;
  bool big_endian = false;
  PixelPlace pixels;
  std::uint64_t file_bytes = 0;
  std::shared_ptr<const std::string>
      inflated;  ///< the whole file, where it was deflated: offsets count in it
};

/// True where the first bytes are those of a DICOM file, with or without the preamble.
[[nodiscard]] bool looks_like_dicom(const std::filesystem::path& file);

/// Reads the header; of a large file no more than that. @param name for messages.
/// @throws Error(bad_input) naming the file where it is broken off or no data set.
[[nodiscard]] FileHeader read_file_header(const std::filesystem::path& file,
                                          const std::string& name);

/// Bytes [offset, offset + length) of a file. @throws Error(bad_input) where the file is shorter.
void read_bytes(const std::filesystem::path& file, const std::string& name, std::uint64_t offset,
                char* into, std::size_t length);

}  // namespace sojourn::io::dicom
