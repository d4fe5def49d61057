#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/io/dicom_file.h"
#include "sojourn/records/series.h"

/// What one DICOM image file says of itself and of each plane in it, before series are chosen and
/// stacked.
namespace sojourn::io::dicom {

enum class Kind { pet, enhanced_pet, nm, ct, enhanced_ct, mr, enhanced_mr, other };

/// One plane: a file of a legacy series, or a frame of a multi-frame object.
struct Plane {
  std::size_t file = 0;                                   ///< index into the files of the series
  int frame = 0;                                          ///< index inside the file
  std::optional<image::Vec3> position;                    ///< centre of the first voxel, LPS mm
  std::optional<std::array<image::Vec3, 2>> orientation;  ///< of rows (i) and of columns (j)
  std::optional<std::array<double, 2>>
      spacing_mm;  ///< between rows (along j), between columns (along i)
  std::optional<double> thickness_mm, slice_spacing_mm;
  double slope = 1, intercept = 0;
  std::optional<double> image_index, temporal_position, trigger_ms;
  std::optional<double> prompts;  ///< (0054,1310)
  bool localizer = false;         ///< by the plane's own image type
  records::SliceTiming timing;
};

/// How the stored values are written.
struct PixelFormat {
  int rows = 0, columns = 0, frames = 1;
  int bits_allocated = 0, bits_stored = 0, high_bit = 0;
  bool is_signed = false;
  int samples = 1;
  std::string photometric;
};

struct ImageFile {
  std::filesystem::path path;
  std::string name;  ///< relative to what the user named, for messages
  Kind kind = Kind::other;
  std::string sop_class, modality, series_uid, description, frame_of_reference, transfer_syntax;
  std::optional<int> series_number;
  std::vector<std::string> image_type, corrections, series_type;
  std::string unit_text;
  std::optional<int> n_slices, n_time_slices;  ///< (0054,0081), (0054,0101)
  bool lossy = false, big_endian = false;
  bool gated_or_dynamic_nm = false;  ///< frames of an NM object differ by more than the slice
  PixelFormat format;
  PixelPlace pixels;
  std::shared_ptr<const std::string> inflated;
  std::uint64_t file_bytes = 0;
  std::vector<Plane> planes;
};

/// Reads what is needed of a header. Never refuses an object for its content: that is for the
/// chosen series.
[[nodiscard]] ImageFile describe_image(const FileHeader& header, const std::filesystem::path& path,
                                       const std::string& name);

/// Planes of enhanced multi-frame objects (functional groups) and of NM objects (frame vectors).
void describe_enhanced(const Dataset& data, ImageFile& file);
void describe_nm(const Dataset& data, ImageFile& file);

/// Unit of the values: Units, else the real-world value map, else the rescale type.
[[nodiscard]] std::string unit_of(const Dataset& data, Kind kind);

/// Fields that legacy data sets and functional groups share: position, orientation, spacing,
/// rescale.
void read_position(const Dataset& data, Plane& plane);
void read_orientation(const Dataset& data, Plane& plane);
void read_measures(const Dataset& data, Plane& plane);
void read_rescale(const Dataset& data, Plane& plane);

/// Clock readings. @return seconds since 1970 on the scanner's clock.
[[nodiscard]] std::optional<double> clock_of(const Dataset& data, Tag date, Tag time);
[[nodiscard]] std::optional<double> datetime_of(const Dataset& data, Tag tag);

[[nodiscard]] bool is_enhanced(Kind kind);
[[nodiscard]] bool is_emission(Kind kind);

}  // namespace sojourn::io::dicom
