#pragma once
#include <filesystem>
#include <optional>

#include "sojourn/subject/voxels.h"

namespace sojourn::simulate {

/// A real body as subject: a label map with names, a CT, or both.
struct RealSubject {
  subject::LabelledSubject body;
  std::optional<image::Volume<float>> ct_hu;  ///< on the body's grid
};

/// Tissues of a CT without a label map: 0 below -950 HU, and below -300 where joined to the edge of
/// its slice (air), 1 what else lies below (lung, and gas of the gut), 2 soft tissue to 150 HU, 3
/// the skeleton. The thresholds are assumptions; the couch counts as tissue.
[[nodiscard]] image::Volume<int> tissue_labels(const image::Volume<float>& ct_hu);

/// Reads a file with `id`, `species`, `labels` (NIfTI, beside the file), `ct` (DICOM folder or
/// NIfTI), `voxel_mm` where the image states a wrong one, and [[organ]] rows `label`, `id`,
/// `tissue`, `density_g_per_ml`. Without `labels`, tissues of the CT stand for organs.
/// @throws Error(bad_input) "file:line: …"; a CT on a grid other than the labels'.
[[nodiscard]] RealSubject read_real_subject(const std::filesystem::path& file);

}  // namespace sojourn::simulate
