#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/io/dicom_region_file.h"

namespace sojourn::io::seg {

enum class Coding { binary, fractional, label_map };

struct Segment {
  int number = 0;
  std::string label;
};

/// Frame `frame` of the pixel data lies at plane `layer` of the grid.
struct Plane {
  std::size_t frame = 0;
  int layer = 0;
};

/// What the header of a SEG says, before its pixels are read.
struct Layout {
  Coding coding = Coding::binary;
  int rows = 0, columns = 0, bits = 1;
  double maximum = 1;              ///< stored value of a fully covered voxel
  std::vector<Segment> segments;   ///< in the order of the file
  std::vector<int> frame_segment;  ///< segment number of each frame; 0 in a label map
  std::vector<int> frame_layer;
  image::Geometry grid;  ///< covers every stored plane
  std::vector<std::string> warnings;

  [[nodiscard]] std::size_t frames() const { return frame_segment.size(); }
  [[nodiscard]] std::size_t frame_pixels() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
};

/// @throws Error(bad_input): not a SEG; fields missing or contradictory; planes that make no grid.
[[nodiscard]] Layout read_layout(const region_file::File& file);

/// Grid and layers from the functional groups of the frames (called by read_layout).
void read_planes(const region_file::File& file, Layout& layout);

/// The stored pixel values, decompressed: packed bits, bytes or little-endian 16-bit words; the
/// size is checked.
[[nodiscard]] std::vector<std::uint8_t> read_pixels(const region_file::File& file,
                                                    const std::string& path, const Layout& layout);

}  // namespace sojourn::io::seg
