#include <algorithm>
#include <cmath>

#include "sojourn/image/geometry.h"
#include "sojourn/io/dicom_image.h"
#include "sojourn/io/dicom_values.h"

/// Nuclear medicine objects: PS3.3 C.8.4 (multi-frame, detector, reconstruction).
namespace sojourn::io::dicom {
namespace {

using image::operator+;
using image::operator*;

constexpr Tag kSliceVector = 0x00540080;
constexpr int kMostFrames = 65535;  // slice numbers are 16-bit

/// A real-world map with a unit stands above the stored counts (quantitative SPECT).
void read_map(const Dataset& data, Plane& plane) {
  const auto map = first_item(data, 0x00409096);
  if (!map) return;
  if (const auto slope = number(*map, field(0x00409225, "FD"))) plane.slope = *slope;
  if (const auto intercept = number(*map, field(0x00409224, "FD"))) plane.intercept = *intercept;
}

/// The whole tomographic acquisition: time of one view times the views of the rotation.
std::optional<double> rotation_duration_s(const Dataset& data) {
  const auto rotation = first_item(data, 0x00540052);
  const Dataset& holder = rotation ? *rotation : data;
  const auto view_ms = number(holder, field(0x00181242, "IS"));
  if (!view_ms) return std::nullopt;
  const auto views = number(holder, field(0x00540053, "US"));
  return *view_ms * 1e-3 * views.value_or(1.0);
}

/// Slice numbers of the frames, from 1; in the order of the file where the vector is missing.
std::vector<double> slice_numbers(const Dataset& data, int frames) {
  auto slices = numbers(data, field(kSliceVector, "US"));
  if (slices.empty()) {
    for (int i = 1; i <= frames; ++i) slices.push_back(i);
  }
  return slices;
}

/// Frames that differ by anything but the slice (energy window, detector, gate, time) are no single
/// volume.
bool differs_beyond_slice(const Dataset& data) {
  const Element* pointers = data.find(0x00280009);
  if (pointers == nullptr) return false;
  for (std::size_t at = 0; at + 4 <= pointers->bytes.size(); at += 4) {
    const Tag tag = static_cast<Tag>(read_u16(pointers->bytes, at, data.encoding.big_endian))
                        << 16 |
                    read_u16(pointers->bytes, at + 2, data.encoding.big_endian);
    if (tag == kSliceVector) continue;
    const auto values = numbers(data, Field{tag, {'U', 'S'}});
    if (std::any_of(values.begin(), values.end(), [&](double v) { return v != values.front(); })) {
      return true;
    }
  }
  return false;
}

}  // namespace

void describe_nm(const Dataset& data, ImageFile& file) {
  Plane first;
  if (const auto detector = first_item(data, 0x00540022)) {
    read_position(*detector, first);
    read_orientation(*detector, first);
  }
  read_position(data, first);
  read_orientation(data, first);
  read_measures(data, first);
  read_rescale(data, first);
  read_map(data, first);
  first.timing.start_local_s = datetime_of(data, 0x0008002A);
  if (!first.timing.start_local_s)
    first.timing.start_local_s = clock_of(data, 0x00080022, 0x00080032);
  first.prompts = number(data, field(0x00180070, "IS"));
  first.timing.duration_s = rotation_duration_s(data);
  file.gated_or_dynamic_nm = differs_beyond_slice(data);

  if (file.format.frames < 1 || file.format.frames > kMostFrames) return;
  const auto slices = slice_numbers(data, file.format.frames);
  if (slices.size() != static_cast<std::size_t>(file.format.frames)) return;
  // The sign of Spacing Between Slices says to which side of the first slice the stack grows (PS3.3
  // C.8.4.15).
  const double step = first.slice_spacing_mm.value_or(first.thickness_mm.value_or(0));
  for (std::size_t i = 0; i < slices.size(); ++i) {
    Plane plane = first;
    plane.frame = static_cast<int>(i);
    if (plane.position && plane.orientation) {
      const image::Vec3 normal = image::cross((*plane.orientation)[0], (*plane.orientation)[1]);
      plane.position = *plane.position + ((slices[i] - 1) * step) * normal;
    }
    file.planes.push_back(plane);
  }
}

}  // namespace sojourn::io::dicom
