#pragma once
#include <string>
#include <vector>

#include "sojourn/core/tree.h"
#include "sojourn/trial/virtual_image.h"

namespace sojourn::trial {

inline constexpr const char* kVirtualHead = "# Sojourn virtual study";

/// Where a scan's files lie, relative to the study file.
struct VirtualPaths {
  std::string image, anatomy, regions;
};
[[nodiscard]] VirtualPaths paths_of(const VirtualScan& scan, bool pet);

/// The study's own document with images, regions and assays replaced. @param document what the
/// study file holds. @param views one for each scan.
[[nodiscard]] std::string study_text(const core::Tree& document, const VirtualPlan& plan,
                                     const VirtualBody& body, const std::vector<VirtualView>& views,
                                     const VirtualTruth& truth);

/// truth.tsv: a row per scan and region, and for all of the body inside the field of view.
[[nodiscard]] std::string truth_text(const VirtualPlan& plan, const VirtualBody& body,
                                     const std::vector<VirtualView>& views,
                                     const VirtualTruth& truth);

}  // namespace sojourn::trial
