#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/io/dicom_write_common.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::io {
namespace {

using namespace dicom_write;

struct NuclideCode {
  const char *name, *code, *meaning;
};

/// @source DICOM PS3.16 context group 4020 "PET Radionuclide" (SNOMED CT codes).
constexpr std::array<NuclideCode, 14> kNuclideCodes{{{"C-11", "40565003", "^11^Carbon"},
                                                     {"N-13", "129504001", "^13^Nitrogen"},
                                                     {"F-18", "77004003", "^18^Fluorine"},
                                                     {"Mn-52", "37225000", "^52^Manganese"},
                                                     {"Cu-60", "425364008", "^60^Copper"},
                                                     {"Cu-61", "71425003", "^61^Copper"},
                                                     {"Cu-62", "422934004", "^62^Copper"},
                                                     {"Cu-64", "3932008", "^64^Copper"},
                                                     {"Ga-66", "79477007", "^66^Gallium"},
                                                     {"Ga-68", "35337001", "^68^Gallium"},
                                                     {"Y-86", "10738001", "^86^Yttrium"},
                                                     {"Zr-89", "63360001", "^89^Zirconium"},
                                                     {"Y-90", "14691008", "^90^Yttrium"},
                                                     {"I-124", "40937006", "^124^Iodine"}}};

void check_facts(const image::Volume<float>& volume, const DicomStudyFacts& study,
                 const PetSeriesFacts& series) {
  check_grid(volume.geometry(), "PET volume");
  const auto positive = [](double value, const char* field) {
    if (std::isfinite(value) && value > 0) return;
    throw Error(ErrorCode::bad_value,
                fmt::format("PET series: {} is {} (DICOM needs a positive number); state it", field,
                            value));
  };
  positive(study.body_mass_kg, "body_mass_kg");
  positive(series.duration_s, "duration_s");
  positive(series.half_life_s, "half_life_s");
  positive(series.injected_activity_bq, "injected_activity_bq");
  for (const float value : volume.values()) {
    if (!std::isfinite(value)) {
      throw Error(ErrorCode::bad_value,
                  "PET volume holds a value that is not finite (DICOM has no such pixel)");
    }
  }
}

void put_isotope(DcmItem& dataset, const PetSeriesFacts& series) {
  DcmItem& item = add_item(dataset, DCM_RadiopharmaceuticalInformationSequence);
  put(item, DCM_Radiopharmaceutical, series.tracer);
  put(item, DCM_RadiopharmaceuticalStartTime, core::format_dicom_time(series.injected_at_utc_s));
  put(item, DCM_RadiopharmaceuticalStartDateTime,
      core::format_dicom_date(series.injected_at_utc_s) +
          core::format_dicom_time(series.injected_at_utc_s));
  put(item, DCM_RadionuclideTotalDose, decimal(series.injected_activity_bq));
  put(item, DCM_RadionuclideHalfLife, decimal(series.half_life_s));
  put(item, DCM_RadionuclidePositronFraction, decimal(series.positron_fraction));
  const auto* code = std::find_if(kNuclideCodes.begin(), kNuclideCodes.end(),
                                  [&](const NuclideCode& c) { return series.nuclide == c.name; });
  if (code != kNuclideCodes.end()) {
    add_code(item, DCM_RadionuclideCodeSequence, code->code, "SCT", code->meaning);
  } else {
    // Context group 4020 is extensible: a private scheme says the name in the house's spelling.
    add_code(item, DCM_RadionuclideCodeSequence, series.nuclide, "99SOJOURN", series.nuclide);
  }
}

void put_pet_series(DcmItem& dataset, const image::Geometry& grid, const PetSeriesFacts& series) {
  put(dataset, DCM_Units, "BQML");
  put(dataset, DCM_CountsSource, "EMISSION");
  put(dataset, DCM_SeriesType, "STATIC\\IMAGE");
  put_us(dataset, DCM_NumberOfSlices, static_cast<std::uint16_t>(grid.size[2]));
  put(dataset, DCM_CorrectedImage, "DECY\\ATTN\\SCAT\\DTIM\\RAN\\DCAL\\NORM");
  put(dataset, DCM_DecayCorrection, "START");
  put(dataset, DCM_CollimatorType, "NONE");
  // Values are corrected to the start of the series, where the only frame starts too.
  put(dataset, DCM_FrameReferenceTime,
      decimal(1000.0 * nuclide::mean_activity_time_s(series.duration_s, series.half_life_s)));
  put(dataset, DCM_DecayFactor,
      decimal(nuclide::mean_to_reference(series.duration_s, 0.0, series.half_life_s)));
  put(dataset, DCM_ActualFrameDuration, std::to_string(std::llround(1000.0 * series.duration_s)));
  put_date_time(dataset, DCM_AcquisitionDate, DCM_AcquisitionTime, series.start_utc_s);
  // How the subject lay in the gantry is not known: present and empty, as type 2 has it.
  dataset.insertEmptyElement(DCM_PatientOrientationCodeSequence);
  dataset.insertEmptyElement(DCM_PatientGantryRelationshipCodeSequence);
  put_isotope(dataset, series);
  // (0054,1310) Primary (Prompts) Counts Accumulated: the counts of the whole acquisition.
  if (series.total_counts) {
    put(dataset, DCM_PrimaryPromptsCountsAccumulated, fmt::format("{:.0f}", *series.total_counts));
  }
}

/// The largest magnitude of a slice becomes 32767; quantised with the slope as the file will hold
/// it.
std::vector<std::int16_t> quantise(const image::Volume<float>& volume, int slice,
                                   std::string& slope_text) {
  const image::Geometry& grid = volume.geometry();
  const std::size_t n =
      static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
  const float* values = volume.values().data() + grid.offset(0, 0, slice);
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i)
    largest = std::max(largest, std::abs(static_cast<double>(values[i])));
  slope_text = decimal(largest > 0 ? largest / 32767.0 : 1.0);
  double slope = 0;  // from_chars: the point stays a point in every locale
  std::from_chars(slope_text.data(), slope_text.data() + slope_text.size(), slope);
  std::vector<std::int16_t> stored(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double level = slope > 0 ? std::round(static_cast<double>(values[i]) / slope) : 0.0;
    stored[i] = static_cast<std::int16_t>(std::clamp(level, -32768.0, 32767.0));
  }
  return stored;
}

}  // namespace

void write_dicom_pet(const std::filesystem::path& folder,
                     const image::Volume<float>& concentration_bq_per_ml,
                     const DicomStudyFacts& study, const PetSeriesFacts& series) {
  check_facts(concentration_bq_per_ml, study, series);
  const image::Geometry& grid = concentration_bq_per_ml.geometry();
  const SeriesIdentity identity{"PT", UID_PositronEmissionTomographyImageStorage,
                                series.description, series.series_number, series.start_utc_s};
  write_folder(
      folder, static_cast<std::size_t>(grid.size[2]), [&](const auto& temporary, std::size_t k) {
        const int slice = static_cast<int>(k);
        DcmDataset dataset;
        std::string slope;
        const std::vector<std::int16_t> stored = quantise(concentration_bq_per_ml, slice, slope);
        put_common(dataset, study, identity, std::to_string(slice + 1), series.manufacturer,
                   series.model);
        put(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY");
        put_pet_series(dataset, grid, series);
        put_us(dataset, DCM_ImageIndex, static_cast<std::uint16_t>(slice + 1));
        put(dataset, DCM_RescaleIntercept, "0");
        put(dataset, DCM_RescaleSlope, slope);
        put(dataset, DCM_LossyImageCompression, "00");
        put_slice(dataset, grid, slice, stored);
        save(dataset, temporary / fmt::format("pet_{:04}.dcm", slice + 1));
      });
}

}  // namespace sojourn::io
