#include <algorithm>
#include <cmath>

#include "sojourn/io/dicom_image.h"
#include "sojourn/io/dicom_values.h"

/// Enhanced multi-frame objects: PS3.3 C.7.6.16 (functional groups) and C.8.22 (enhanced PET).
namespace sojourn::io::dicom {
namespace {

constexpr Tag kPixelMeasures = 0x00289110, kPlanePosition = 0x00209113,
              kPlaneOrientation = 0x00209116, kPixelTransformation = 0x00289145,
              kFrameContent = 0x00209111, kCorrectionFactors = 0x00189736,
              kRealWorldMap = 0x00409096;
constexpr std::array<Tag, 4> kFrameTypes = {0x00189751, 0x00189329, 0x00189226, 0x00540022};

/// The group in the frame's own item, else in the shared ones.
std::optional<Dataset> group(const Dataset* frame, const Dataset* shared, Tag tag) {
  if (frame != nullptr) {
    if (auto own = first_item(*frame, tag)) return own;
  }
  return shared != nullptr ? first_item(*shared, tag) : std::nullopt;
}

/// A linear real-world map that names a unit stands above the rescale (PS3.3 C.7.6.16.2.11).
void read_real_world(const Dataset& map, Plane& plane) {
  const auto unit = first_item(map, 0x004008EA);
  const auto slope = number(map, field(0x00409225, "FD"));
  const auto intercept = number(map, field(0x00409224, "FD"));
  if (!unit || text(*unit, 0x00080100) == "1" || !slope || !intercept) return;
  plane.slope = *slope;
  plane.intercept = *intercept;
}

void read_content(const Dataset& content, Plane& plane) {
  plane.timing.start_local_s = datetime_of(content, 0x00189074);
  if (const auto ms = number(content, field(0x00189220, "FD")))
    plane.timing.duration_s = *ms * 1e-3;
  plane.temporal_position = number(content, field(0x00209128, "UL"));
  // Nominal time of the frame, as a distance from its start like (0054,1300).
  const auto reference = datetime_of(content, 0x00189151);
  if (reference && plane.timing.start_local_s) {
    plane.timing.frame_reference_s = *reference - *plane.timing.start_local_s;
  }
}

bool says_localizer(const Dataset* frame, const Dataset* shared) {
  for (const Tag tag : kFrameTypes) {
    const auto type = group(frame, shared, tag);
    if (!type) continue;
    const auto words = texts(*type, 0x00089007);
    if (std::find(words.begin(), words.end(), "LOCALIZER") != words.end()) return true;
  }
  return false;
}

Plane read_frame(const Dataset* frame, const Dataset* shared) {
  Plane plane;
  if (const auto item = group(frame, shared, kPixelMeasures)) read_measures(*item, plane);
  if (const auto item = group(frame, shared, kPlanePosition)) read_position(*item, plane);
  if (const auto item = group(frame, shared, kPlaneOrientation)) read_orientation(*item, plane);
  if (const auto item = group(frame, shared, kPixelTransformation)) read_rescale(*item, plane);
  if (const auto item = group(frame, shared, kRealWorldMap)) read_real_world(*item, plane);
  if (const auto item = group(frame, shared, kFrameContent)) read_content(*item, plane);
  if (const auto item = group(frame, shared, kCorrectionFactors)) {
    plane.prompts = number(*item, field(0x00541310, "IS"));
    plane.timing.decay_factor = number(*item, field(0x00541321, "DS"));
  }
  plane.localizer = says_localizer(frame, shared);
  return plane;
}

std::string mapped_unit(const Dataset& holder) {
  const auto map = first_item(holder, kRealWorldMap);
  if (!map) return {};
  const auto code = first_item(*map, 0x004008EA);
  return code ? text(*code, 0x00080100) : std::string();
}

/// The shared groups and the first frame's: where objects keep what holds for all frames.
std::vector<Dataset> common_groups(const Dataset& data) {
  std::vector<Dataset> found;
  if (auto shared = first_item(data, 0x52009229)) found.push_back(std::move(*shared));
  if (auto first = first_item(data, 0x52009230)) found.push_back(std::move(*first));
  return found;
}

}  // namespace

std::string unit_of(const Dataset& data, Kind kind) {
  if (auto unit = text(data, 0x00541001); !unit.empty()) return unit;
  if (auto unit = mapped_unit(data); !unit.empty() && unit != "1") return unit;
  if (is_enhanced(kind)) {
    for (const Dataset& holder : common_groups(data)) {
      if (auto unit = mapped_unit(holder); !unit.empty() && unit != "1") return unit;
      // Legacy converted objects keep attributes without a new home here (PS3.3 C.7.6.16.2.23).
      if (const auto kept = first_item(holder, 0x00209170)) {
        if (auto unit = text(*kept, 0x00541001); !unit.empty()) return unit;
      }
      if (const auto rescale = first_item(holder, kPixelTransformation)) {
        if (auto unit = text(*rescale, 0x00281054); !unit.empty() && unit != "US") return unit;
      }
    }
  }
  const std::string type = text(data, 0x00281054);
  return kind == Kind::ct || kind == Kind::nm ? type : std::string();
}

void describe_enhanced(const Dataset& data, ImageFile& file) {
  const auto shared = first_item(data, 0x52009229);
  const auto frames = sequence(data, 0x52009230);
  const auto n = static_cast<std::size_t>(std::max(file.format.frames, 0));
  if (file.frame_of_reference.empty() && shared) {
    file.frame_of_reference = text(*shared, 0x00200052);
  }
  // Each frame has its item; where the counts differ the object is refused when it is chosen.
  if (frames.size() != n) return;
  file.planes.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    file.planes.push_back(read_frame(&frames[i], shared ? &*shared : nullptr));
    file.planes.back().frame = static_cast<int>(i);
  }
}

}  // namespace sojourn::io::dicom
