#include "sojourn/io/dicom_write_common.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <unistd.h>

#include <charconv>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/hash.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/time.h"
#include "sojourn/units/units.h"

namespace sojourn::io::dicom_write {
namespace fs = std::filesystem;
namespace {

__extension__ using Wide = unsigned __int128;

void check(const OFCondition& done, const DcmTagKey& tag) {
  if (done.good()) return;
  throw Error(ErrorCode::io_failed, fmt::format("DICOM element {} cannot be written ({})",
                                                tag.toString().c_str(), done.text()));
}

std::uint64_t hex_word(const std::string& digits, std::size_t at) {
  std::uint64_t word = 0;
  std::from_chars(digits.data() + at, digits.data() + at + 16, word, 16);
  return word;
}

}  // namespace

std::string uid(std::uint64_t seed, std::initializer_list<std::string> names) {
  core::Sha256 hash;
  hash.add(std::string_view("sojourn-dicom-uid")).add(std::string_view(std::to_string(seed)));
  for (const std::string& name : names) hash.add(std::string_view(name));
  const std::string digits = hash.hex();
  const std::uint64_t high = (hex_word(digits, 0) & ~std::uint64_t{0xF000}) | 0x8000;  // version 8
  const std::uint64_t low =
      (hex_word(digits, 16) & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  Wide number = (static_cast<Wide>(high) << 64) | low;
  std::string text;
  for (; number != 0; number /= 10)
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  return "2.25." + text;
}

std::string decimal(double value) {
  if (value == 0) value = 0;  // no "-0"
  for (int digits = 15; digits > 0; --digits) {
    const std::string text = fmt::format("{:.{}g}", value, digits);
    if (text.size() <= 16) return text;
  }
  return "0";
}

std::string decimals(std::initializer_list<double> values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : "\\") + decimal(value);
  return text;
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  check(item.putAndInsertOFStringArray(tag, value), tag);
}

void put_us(DcmItem& item, const DcmTagKey& tag, std::uint16_t value) {
  check(item.putAndInsertUint16(tag, value), tag);
}

void put_date_time(DcmItem& item, const DcmTagKey& date, const DcmTagKey& time, double utc_s) {
  put(item, date, core::format_dicom_date(utc_s));
  put(item, time, core::format_dicom_time(utc_s));
}

DcmItem& add_item(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* added = nullptr;
  check(item.findOrCreateSequenceItem(sequence, added, -2), sequence);
  return *added;
}

void add_code(DcmItem& item, const DcmTagKey& sequence, const std::string& value,
              const std::string& scheme, const std::string& meaning) {
  DcmItem& code = add_item(item, sequence);
  put(code, DCM_CodeValue, value);
  put(code, DCM_CodingSchemeDesignator, scheme);
  put(code, DCM_CodeMeaning, meaning);
}

void put_common(DcmItem& dataset, const DicomStudyFacts& study, const SeriesIdentity& series,
                const std::string& instance, const std::string& manufacturer,
                const std::string& model) {
  const std::string number = std::to_string(series.number);
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_SOPClassUID, series.sop_class);
  put(dataset, DCM_SOPInstanceUID,
      uid(study.seed,
          {"instance", study.subject_id, series.modality, number, series.description, instance}));
  put(dataset, DCM_PatientName, study.subject_id);
  put(dataset, DCM_PatientID, study.subject_id);
  put(dataset, DCM_PatientBirthDate, "");
  put(dataset, DCM_PatientSex, study.sex);
  if (study.body_mass_kg > 0) put(dataset, DCM_PatientWeight, decimal(study.body_mass_kg));
  put(dataset, DCM_StudyInstanceUID, uid(study.seed, {"study", study.subject_id}));
  put_date_time(dataset, DCM_StudyDate, DCM_StudyTime, study.study_utc_s);
  put(dataset, DCM_StudyID, "1");
  put(dataset, DCM_StudyDescription, study.study_description);
  put(dataset, DCM_ReferringPhysicianName, "");
  put(dataset, DCM_AccessionNumber, "");
  put(dataset, DCM_TimezoneOffsetFromUTC, "+0000");
  put(dataset, DCM_Modality, series.modality);
  put(dataset, DCM_SeriesInstanceUID,
      uid(study.seed, {"series", study.subject_id, series.modality, number, series.description}));
  put(dataset, DCM_SeriesNumber, number);
  put(dataset, DCM_SeriesDescription, series.description);
  put_date_time(dataset, DCM_SeriesDate, DCM_SeriesTime, series.start_utc_s);
  put_date_time(dataset, DCM_ContentDate, DCM_ContentTime, series.start_utc_s);
  put(dataset, DCM_FrameOfReferenceUID,
      uid(study.seed, {"frame of reference", study.subject_id, study.frame_of_reference_name}));
  put(dataset, DCM_PositionReferenceIndicator, "");
  if (series.modality != "SEG") put(dataset, DCM_Laterality, "");  // type 2C: not for a SEG
  put(dataset, DCM_Manufacturer, manufacturer.empty() ? "Sojourn" : manufacturer);
  put(dataset, DCM_ManufacturerModelName, model.empty() ? "Sojourn" : model);
  put(dataset, DCM_SoftwareVersions, core::version());
}

std::string orientation_text(const image::Geometry& grid) {
  const auto& [row, column, normal] = grid.axis;
  return decimals({row[0], row[1], row[2], column[0], column[1], column[2]});
}

std::string slice_position_text(const image::Geometry& grid, int slice) {
  const image::Vec3 mm = grid.to_mm({0, 0, static_cast<double>(slice)});
  return decimals({mm[0], mm[1], mm[2]});
}

void put_plane_measures(DcmItem& item, const image::Geometry& grid) {
  put(item, DCM_PixelSpacing, decimals({grid.spacing_mm[1], grid.spacing_mm[0]}));
  put(item, DCM_SliceThickness, decimal(grid.spacing_mm[2]));
}

void put_slice(DcmItem& dataset, const image::Geometry& grid, int slice,
               const std::vector<std::int16_t>& stored) {
  put_plane_measures(dataset, grid);
  put(dataset, DCM_ImageOrientationPatient, orientation_text(grid));
  put(dataset, DCM_ImagePositionPatient, slice_position_text(grid, slice));
  put(dataset, DCM_InstanceNumber, std::to_string(slice + 1));
  put_us(dataset, DCM_SamplesPerPixel, 1);
  put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  put_us(dataset, DCM_Rows, static_cast<std::uint16_t>(grid.size[1]));
  put_us(dataset, DCM_Columns, static_cast<std::uint16_t>(grid.size[0]));
  put_us(dataset, DCM_BitsAllocated, 16);
  put_us(dataset, DCM_BitsStored, 16);
  put_us(dataset, DCM_HighBit, 15);
  put_us(dataset, DCM_PixelRepresentation, 1);
  std::vector<Uint16> words(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) words[i] = static_cast<Uint16>(stored[i]);
  check(dataset.putAndInsertUint16Array(DCM_PixelData, words.data(), words.size()), DCM_PixelData);
}

void check_grid(const image::Geometry& grid, const std::string& what) {
  for (const int n : grid.size) {
    if (n < 1 || n > 65535) {
      throw Error(
          ErrorCode::bad_value,
          fmt::format("{}: {} x {} x {} voxels cannot be written as DICOM (each side 1 to 65535)",
                      what, grid.size[0], grid.size[1], grid.size[2]));
    }
  }
}

void save(DcmDataset& dataset, const fs::path& file) {
  DcmFileFormat format(&dataset);
  const OFCondition done =
      format.saveFile(file.c_str(), EXS_LittleEndianExplicit, EET_ExplicitLength, EGL_recalcGL,
                      EPD_noChange, 0, 0, EWM_fileformat);
  if (done.bad()) {
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written ({}); check the disk and its permissions",
                            file.string(), done.text()));
  }
}

void write_folder(const fs::path& folder, std::size_t n,
                  const std::function<void(const fs::path&, std::size_t)>& write) {
  std::error_code trouble;
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder, trouble))) {
    refuse("{}: is there already; name a new folder or remove it", folder.string());
  }
  const fs::path whole = folder.has_filename() ? folder : folder.parent_path();
  const fs::path temporary =
      whole.parent_path() / fmt::format(".tmp-{}-{}", ::getpid(), whole.filename().string());
  try {
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    core::parallel_for(n, [&](std::size_t i) { write(temporary, i); });
    fs::rename(temporary, whole);
  } catch (const fs::filesystem_error& e) {
    fs::remove_all(temporary, trouble);
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written ({})", folder.string(), e.code().message()));
  } catch (...) {
    fs::remove_all(temporary, trouble);
    throw;
  }
}

}  // namespace sojourn::io::dicom_write
