#pragma once
#include <string>
#include <vector>

#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// The pixels of a series, read plane by plane.
class PixelReader {
 public:
  /// Checks that every file's pixels are there, of one colour and of a width we know, before
  /// anything is allocated. @throws Error(bad_input) naming the file.
  explicit PixelReader(const std::vector<ImageFile>& files, const std::vector<Plane>& planes);

  /// Stored values of a plane: little-endian samples, padded bits cleared or sign-extended.
  [[nodiscard]] std::vector<char> stored(const Plane& plane) const;
  /// Values after slope and intercept. @throws Error(bad_input) where one is not finite.
  void convert(const std::vector<char>& stored, const Plane& plane, float* values) const;

 private:
  struct Piece {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  using Frame = std::vector<Piece>;  ///< fragments of a compressed frame

  [[nodiscard]] std::vector<char> coded(const ImageFile& file, const Frame& frame) const;
  static std::vector<Frame> find_frames(const ImageFile& file);

  const std::vector<ImageFile>* files_;
  std::vector<std::vector<Frame>> frames_;  ///< of each file; empty where not compressed
};

}  // namespace sojourn::io::dicom
