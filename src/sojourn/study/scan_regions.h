#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/records/scan.h"
#include "sojourn/records/study.h"

namespace sojourn::study {

/// The regions of one scan: read, named, made by rules, and the whole image.
struct ScanRegions {
  std::vector<image::RegionMask>
      regions;                            ///< read and made, in that order, without the whole image
  image::RegionMask whole;                ///< "whole_body" or "field_of_view": all voxels
  std::optional<image::RegionMask> body;  ///< for background places; from CT where there is one
  bool body_from_ct = false;              ///< its volume is then that of the subject
  std::string format, sha256;             ///< of the region file; empty where there is none
  std::vector<std::string> warnings;
};

/// @param frame_of_reference of the image; a DICOM region file or anatomy of another one is
/// refused.
[[nodiscard]] ScanRegions collect_regions(const records::Study& study,
                                          const records::ScanRequest& request,
                                          const records::Scan& scan,
                                          const std::string& frame_of_reference);

/// What the study file says of a region's compartments: by [regions], by [segment], else by its
/// name.
struct RegionRoles {
  std::vector<std::string> roles;
  double fraction = 1;
};
[[nodiscard]] RegionRoles roles_of(const records::Study& study, const std::string& region);

}  // namespace sojourn::study
