#include "sojourn/io/dicom_image.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/time.h"
#include "sojourn/io/dicom_values.h"

namespace sojourn::io::dicom {
namespace {

/// Storage SOP classes of PS3.4 annex B that hold images we can quantify or pair.
Kind kind_of(const std::string& sop_class) {
  static constexpr std::string_view kBase = "1.2.840.10008.5.1.4.1.1.";
  if (!sop_class.starts_with(kBase)) return Kind::other;
  const std::string_view leaf = std::string_view(sop_class).substr(kBase.size());
  if (leaf == "128") return Kind::pet;
  if (leaf == "130" || leaf == "128.1") return Kind::enhanced_pet;
  if (leaf == "20") return Kind::nm;
  if (leaf == "2") return Kind::ct;
  if (leaf == "2.1" || leaf == "2.2") return Kind::enhanced_ct;
  if (leaf == "4") return Kind::mr;
  if (leaf == "4.1" || leaf == "4.4") return Kind::enhanced_mr;
  return Kind::other;
}

PixelFormat pixel_format(const Dataset& data) {
  PixelFormat format;
  format.rows = integer(data, field(0x00280010, "US")).value_or(0);
  format.columns = integer(data, field(0x00280011, "US")).value_or(0);
  format.frames = integer(data, field(0x00280008, "IS")).value_or(1);
  format.samples = integer(data, field(0x00280002, "US")).value_or(1);
  format.photometric = text(data, 0x00280004);
  format.bits_allocated = integer(data, field(0x00280100, "US")).value_or(0);
  format.bits_stored = integer(data, field(0x00280101, "US")).value_or(format.bits_allocated);
  format.high_bit = integer(data, field(0x00280102, "US")).value_or(format.bits_stored - 1);
  format.is_signed = integer(data, field(0x00280103, "US")).value_or(0) == 1;
  return format;
}

std::optional<double> seconds(const Dataset& data, Tag tag) {
  const auto ms = number(data, field(tag, "DS"));
  if (!ms) return std::nullopt;
  return *ms * 1e-3;  // DICOM has milliseconds here
}

records::SliceTiming legacy_timing(const Dataset& data) {
  records::SliceTiming timing;
  timing.start_local_s = datetime_of(data, 0x0008002A);
  if (!timing.start_local_s) timing.start_local_s = clock_of(data, 0x00080022, 0x00080032);
  if (!timing.start_local_s) timing.start_local_s = clock_of(data, 0x00080021, 0x00080032);
  timing.duration_s = seconds(data, 0x00181242);
  timing.frame_reference_s = seconds(data, 0x00541300);
  timing.decay_factor = number(data, field(0x00541321, "DS"));
  return timing;
}

void describe_legacy(const Dataset& data, ImageFile& file) {
  Plane plane;
  read_position(data, plane);
  read_orientation(data, plane);
  read_measures(data, plane);
  read_rescale(data, plane);
  plane.image_index = number(data, field(0x00541330, "US"));
  plane.temporal_position = number(data, field(0x00200100, "IS"));
  plane.trigger_ms = number(data, field(0x00181060, "DS"));
  plane.prompts = number(data, field(0x00541310, "IS"));
  plane.timing = legacy_timing(data);
  for (const auto& word : file.image_type) plane.localizer = plane.localizer || word == "LOCALIZER";
  file.planes.push_back(plane);
}

}  // namespace

bool is_enhanced(Kind kind) {
  return kind == Kind::enhanced_pet || kind == Kind::enhanced_ct || kind == Kind::enhanced_mr;
}

bool is_emission(Kind kind) {
  return kind == Kind::pet || kind == Kind::enhanced_pet || kind == Kind::nm;
}

std::optional<double> clock_of(const Dataset& data, Tag date, Tag time) {
  const auto day = core::parse_dicom_date(text(data, date));
  const auto second = core::parse_dicom_time(text(data, time));
  if (!day || !second) return std::nullopt;
  return *day + *second;
}

std::optional<double> datetime_of(const Dataset& data, Tag tag) {
  const auto clock = core::parse_dicom_datetime(text(data, tag));
  if (!clock) return std::nullopt;
  return clock->local_s;
}

void read_position(const Dataset& data, Plane& plane) {
  const auto values = numbers(data, field(0x00200032, "DS"));
  if (values.size() == 3) plane.position = image::Vec3{values[0], values[1], values[2]};
}

void read_orientation(const Dataset& data, Plane& plane) {
  const auto v = numbers(data, field(0x00200037, "DS"));
  if (v.size() == 6) plane.orientation = {{{v[0], v[1], v[2]}, {v[3], v[4], v[5]}}};
}

void read_measures(const Dataset& data, Plane& plane) {
  const auto spacing = numbers(data, field(0x00280030, "DS"));
  if (spacing.size() == 2) plane.spacing_mm = {{spacing[0], spacing[1]}};
  if (const auto value = number(data, field(0x00180050, "DS"))) plane.thickness_mm = value;
  if (const auto value = number(data, field(0x00180088, "DS"))) plane.slice_spacing_mm = value;
}

void read_rescale(const Dataset& data, Plane& plane) {
  if (const auto value = number(data, field(0x00281053, "DS"))) plane.slope = *value;
  if (const auto value = number(data, field(0x00281052, "DS"))) plane.intercept = *value;
}

ImageFile describe_image(const FileHeader& header, const std::filesystem::path& path,
                         const std::string& name) {
  const Dataset& data = header.data;
  ImageFile file;
  file.path = path;
  file.name = name;
  file.sop_class = text(data, 0x00080016);
  file.kind = header.pixels.tag == 0 ? Kind::other : kind_of(file.sop_class);
  file.modality = text(data, 0x00080060);
  file.series_uid = text(data, 0x0020000E);
  file.description = text(data, 0x0008103E);
  file.frame_of_reference = text(data, 0x00200052);
  file.transfer_syntax = header.transfer_syntax;
  file.big_endian = header.big_endian;
  file.series_number = integer(data, field(0x00200011, "IS"));
  file.image_type = texts(data, 0x00080008);
  file.corrections = texts(data, 0x00280051);
  file.series_type = texts(data, 0x00541000);
  file.n_slices = integer(data, field(0x00540081, "US"));
  file.n_time_slices = integer(data, field(0x00540101, "US"));
  file.lossy = text(data, 0x00282110) == "01";
  file.format = pixel_format(data);
  file.pixels = header.pixels;
  file.inflated = header.inflated;
  file.file_bytes = header.file_bytes;
  if (file.kind == Kind::other) return file;
  file.unit_text = unit_of(data, file.kind);
  if (is_enhanced(file.kind)) {
    describe_enhanced(data, file);
  } else if (file.kind == Kind::nm) {
    describe_nm(data, file);
  } else {
    describe_legacy(data, file);
  }
  return file;
}

}  // namespace sojourn::io::dicom
