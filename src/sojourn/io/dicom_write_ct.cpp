#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_write_common.h"

namespace sojourn::io {
namespace {

using namespace dicom_write;

constexpr double kIntercept = -1024.0;

std::vector<std::int16_t> stored_values(const image::Volume<float>& volume, int slice) {
  const image::Geometry& grid = volume.geometry();
  std::vector<std::int16_t> stored(static_cast<std::size_t>(grid.size[0]) *
                                   static_cast<std::size_t>(grid.size[1]));
  const float* values = volume.values().data() + grid.offset(0, 0, slice);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::bad_value,
                  "CT volume holds a value that is not finite (DICOM has no such pixel)");
    }
    const double level = std::round(static_cast<double>(values[i]) - kIntercept);
    stored[i] = static_cast<std::int16_t>(std::clamp(level, -32768.0, 32767.0));
  }
  return stored;
}

}  // namespace

void write_dicom_ct(const std::filesystem::path& folder, const image::Volume<float>& hounsfield,
                    const DicomStudyFacts& study, const std::string& description, int series_number,
                    double start_utc_s) {
  const image::Geometry& grid = hounsfield.geometry();
  check_grid(grid, "CT volume");
  const SeriesIdentity identity{"CT", UID_CTImageStorage, description, series_number, start_utc_s};
  write_folder(folder, static_cast<std::size_t>(grid.size[2]),
               [&](const auto& temporary, std::size_t k) {
                 const int slice = static_cast<int>(k);
                 DcmDataset dataset;
                 put_common(dataset, study, identity, std::to_string(slice + 1), "", "");
                 put(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
                 put_date_time(dataset, DCM_AcquisitionDate, DCM_AcquisitionTime, start_utc_s);
                 put(dataset, DCM_KVP, "");
                 put(dataset, DCM_PatientPosition, "");
                 put(dataset, DCM_AcquisitionNumber, "1");
                 put(dataset, DCM_RescaleIntercept, decimal(kIntercept));
                 put(dataset, DCM_RescaleSlope, "1");
                 put(dataset, DCM_RescaleType, "HU");
                 put(dataset, DCM_WindowCenter, "40");
                 put(dataset, DCM_WindowWidth, "400");
                 put_slice(dataset, grid, slice, stored_values(hounsfield, slice));
                 save(dataset, temporary / fmt::format("ct_{:04}.dcm", slice + 1));
               });
}

}  // namespace sojourn::io
