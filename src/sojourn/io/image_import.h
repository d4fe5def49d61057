#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/records/series.h"

namespace sojourn::io {

/// What to take from a folder that may hold several series.
struct ImportRequest {
  std::string modality;            ///< "" emission (PT or NM), "CT", "MR"
  std::string series;              ///< UID, number or description; empty: the only fit one
  std::string frame_of_reference;  ///< where given, prefers the series that shares it
};

/// Reads an image of any known kind: a folder of DICOM files (any names, series mixed), one DICOM
/// file, NIfTI with its BIDS sidecar, ECAT7, Concorde/Inveon `.img` + `.img.hdr`. Inputs are never
/// modified.
/// @throws Error(bad_input) naming the file (relative to `path`), the field and the remedy.
[[nodiscard]] records::ImageSeries import_image(const std::filesystem::path& path,
                                                const ImportRequest& request = {});

/// Reads regions: NIfTI label map, DICOM SEG (binary or fractional) or RTSTRUCT. `image` is the
/// grid that contours fall on where the file has none of its own (RTSTRUCT: in-plane resolution and
/// slice planes). Names of NIfTI labels are "label_N" here; the study file gives them.
[[nodiscard]] records::RegionSet import_regions(const std::filesystem::path& path,
                                                const image::Geometry& image);

}  // namespace sojourn::io
