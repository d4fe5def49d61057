#pragma once
#include <filesystem>

#include "sojourn/io/image_import.h"

namespace sojourn::io {

/// NIfTI-1/-2 (.nii, .nii.gz) with the BIDS PET sidecar of the same stem where there is one.
[[nodiscard]] records::ImageSeries import_nifti(const std::filesystem::path& file);
/// Label map: whole values only; names are "label_N".
[[nodiscard]] records::RegionSet read_nifti_labels(const std::filesystem::path& file);

/// Writes .nii.gz (float32 or int16), sform and qform both set, through a temporary name.
/// Several volumes on one grid become a 4D file.
void write_nifti(const std::filesystem::path& file,
                 const std::vector<const image::Volume<float>*>& frames,
                 const std::string& description);
void write_nifti_labels(const std::filesystem::path& file, const image::Volume<int>& labels,
                        const std::string& description);

}  // namespace sojourn::io
