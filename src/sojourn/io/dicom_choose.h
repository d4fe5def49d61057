#pragma once
#include <string>
#include <vector>

#include "sojourn/io/dicom_scan.h"
#include "sojourn/io/image_import.h"

namespace sojourn::io::dicom {

struct Choice {
  Series series;
  std::vector<std::string> warnings;
};

/// Takes the series that the request asks for: by modality, then by `series` (UID, number or
/// description), then by frame of reference, then by what is fit for quantification (no scout or
/// reprojection at all; attenuation- corrected before uncorrected; original before derived).
/// @throws Error(bad_input) where none or several fit, listing the candidates without any identity.
[[nodiscard]] Choice choose_series(Folder folder, const ImportRequest& request,
                                   const std::string& where);

}  // namespace sojourn::io::dicom
