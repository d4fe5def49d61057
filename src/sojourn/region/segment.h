#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"
#include "sojourn/records/study.h"

namespace sojourn::region {

/// What the rules of [segment] look at.
struct SegmentInputs {
  const image::Volume<float>* concentration_bq_per_ml = nullptr;  ///< time mean of the frames
  std::optional<double> suv_per_bq_per_ml;  ///< SUV = value x this; none: SUV rules are refused
  const image::Volume<float>* hounsfield = nullptr;         ///< anatomy; none: CT rules are refused
  const std::vector<image::RegionMask>* regions = nullptr;  ///< already there, for `within`
};

/// Makes the regions in the order of the rules. An empty one is a result.
/// @throws Error(bad_input) naming the rule, what it lacks and the remedy.
[[nodiscard]] std::vector<image::RegionMask> make_segments(
    const std::vector<records::SegmentRule>& rules, const SegmentInputs& inputs);

/// The subject's body: CT above -500 HU (largest part, holes filled) where there is CT, else the
/// image above 1 % of its 99.9th percentile, smoothed; used for background regions and for `body`
/// rules.
[[nodiscard]] image::RegionMask body_from_ct(const image::Volume<float>& hounsfield);
[[nodiscard]] image::RegionMask body_from_emission(
    const image::Volume<float>& concentration_bq_per_ml);

}  // namespace sojourn::region
