#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/image/volume.h"

namespace sojourn::io {

/// What several objects of one study share. UIDs are derived from `seed` and names, so that a study
/// made twice is the same to the byte.
struct DicomStudyFacts {
  std::string subject_id;
  double body_mass_kg = 0;
  std::string sex = "O";
  double study_utc_s = 0;
  std::string study_description;
  std::string frame_of_reference_name;  ///< objects with the same name share a frame of reference
  std::uint64_t seed = 0;
};

struct PetSeriesFacts {
  std::string description;
  int series_number = 1;
  double start_utc_s = 0;  ///< series and acquisition start; values are decay-corrected to it
  double duration_s = 0;
  std::string nuclide;  ///< "Zr-89"
  double half_life_s = 0;
  double positron_fraction = 0;
  std::string tracer;
  double injected_activity_bq = 0;  ///< net, at injected_at
  double injected_at_utc_s = 0;
  std::optional<double> total_counts;
  std::string manufacturer, model;
};

/// Legacy PET Image Storage, one file per slice with its own rescale slope, BQML, START, times in
/// UTC with (0008,0201) +0000. Files are "pet_0001.dcm"… in `folder`, which is made whole or not at
/// all.
void write_dicom_pet(const std::filesystem::path& folder,
                     const image::Volume<float>& concentration_bq_per_ml,
                     const DicomStudyFacts& study, const PetSeriesFacts& series);

/// CT Image Storage of Hounsfield units, slope 1, intercept -1024.
void write_dicom_ct(const std::filesystem::path& folder, const image::Volume<float>& hounsfield,
                    const DicomStudyFacts& study, const std::string& description, int series_number,
                    double start_utc_s);

struct SegmentFacts {
  std::string label;
  std::string type_code, type_scheme, type_meaning;  ///< e.g. "10200004", "SCT", "Liver"
};

/// Binary DICOM SEG on the grid of `labels`, one segment for each entry (value i + 1).
void write_dicom_seg(const std::filesystem::path& file, const image::Volume<int>& labels,
                     const std::vector<SegmentFacts>& segments, const DicomStudyFacts& study,
                     const std::string& description, int series_number, double start_utc_s);

}  // namespace sojourn::io
