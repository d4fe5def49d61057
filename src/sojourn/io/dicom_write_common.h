#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/io/dicom_write.h"

class DcmItem;
class DcmDataset;
class DcmTagKey;

/// What the writers of PET, CT and SEG share. Every function throws Error(io_failed) where DCMTK
/// refuses.
namespace sojourn::io::dicom_write {

/// "2.25." and a 128-bit number from SHA-256 of the seed and the names: the same for the same
/// study.
/// @source DICOM PS3.5 B.2 (UUID-derived UIDs); RFC 9562, version 8 (hash of the writer's choice).
[[nodiscard]] std::string uid(std::uint64_t seed, std::initializer_list<std::string> names);

/// The shortest decimal of at most 16 characters (value representation DS) nearest to `value`.
[[nodiscard]] std::string decimal(double value);
[[nodiscard]] std::string decimals(std::initializer_list<double> values);

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value);
void put_us(DcmItem& item, const DcmTagKey& tag, std::uint16_t value);
void put_date_time(DcmItem& item, const DcmTagKey& date, const DcmTagKey& time, double utc_s);
/// Adds an item to a sequence and returns it; the sequence is made with its first item.
DcmItem& add_item(DcmItem& item, const DcmTagKey& sequence);
void add_code(DcmItem& item, const DcmTagKey& sequence, const std::string& value,
              const std::string& scheme, const std::string& meaning);

/// What tells one series from another.
struct SeriesIdentity {
  std::string modality, sop_class, description;
  int number = 1;
  double start_utc_s = 0;
};

/// Patient, study, series, frame of reference, equipment and SOP common modules.
/// @param instance  name of the object within its series, for its UID
void put_common(DcmItem& dataset, const DicomStudyFacts& study, const SeriesIdentity& series,
                const std::string& instance, const std::string& manufacturer,
                const std::string& model);

/// Orientation and pixel spacing; the slice thickness is the spacing of the grid.
void put_plane_measures(DcmItem& item, const image::Geometry& grid);
[[nodiscard]] std::string orientation_text(const image::Geometry& grid);
[[nodiscard]] std::string slice_position_text(const image::Geometry& grid, int slice);

/// One 16-bit signed slice: image plane, image pixel and pixel data.
void put_slice(DcmItem& dataset, const image::Geometry& grid, int slice,
               const std::vector<std::int16_t>& stored);

/// Refuses what DICOM cannot hold: empty grids, over 65535 rows or columns, values that are not
/// finite.
void check_grid(const image::Geometry& grid, const std::string& what);

/// Saves as explicit little endian.
void save(DcmDataset& dataset, const std::filesystem::path& file);

/// Calls write(temporary folder, i) for i in [0, n) on all cores, then renames the folder: it is
/// there whole or not at all. A folder that already holds something is refused.
void write_folder(const std::filesystem::path& folder, std::size_t n,
                  const std::function<void(const std::filesystem::path&, std::size_t)>& write);

}  // namespace sojourn::io::dicom_write
