#include "sojourn/io/image_import.h"

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_read.h"
#include "sojourn/io/legacy_formats.h"
#include "sojourn/io/nifti.h"

namespace sojourn::io {
namespace {

bool is_nifti_name(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".nii") || name.ends_with(".nii.gz");
}

}  // namespace

records::ImageSeries import_image(const std::filesystem::path& path, const ImportRequest& request) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    refuse("{}: there is no such file or folder (paths count from the study file)", path.string());
  }
  const std::string name = path.filename().string();
  if (fs::is_directory(path, failed)) {
    if (is_dicom(path)) return import_dicom(path, request);
    refuse("{}: the folder holds no DICOM file; name the image file itself (NIfTI, ECAT or .img)",
           path.string());
  }
  if (is_nifti_name(path)) return import_nifti(path);
  if (is_ecat7(path)) return import_ecat7(path);
  if (is_concorde(path)) return import_concorde(path);
  if (is_dicom(path)) return import_dicom(path, request);
  refuse(
      "{}: no image format that is known (DICOM, NIfTI .nii or .nii.gz, ECAT 7, Concorde/Inveon "
      ".img with .img.hdr)",
      path.string());
}

}  // namespace sojourn::io
