#pragma once
#include <vector>

#include "sojourn/image/region_mask.h"

namespace sojourn::region {

/// Partial-volume correction of one image for one set of regions.
struct PartialVolume {
  std::vector<double> activity_bq;  ///< corrected, per region (inside the field of view)
  std::vector<double> uncorrected_bq;
  std::vector<double>
      recovery;  ///< uncorrected / corrected; NaN where the corrected one is not positive
  std::vector<double>
      noise_gain;  ///< factor from the uncorrected to the corrected standard deviation
  std::vector<double> recovery_relative_sd;  ///< from the uncertainty of the FWHM (10 %)
  std::vector<std::string> warnings;
};

/// Geometric transfer matrix: measured_i = sum_j w_ij true_j with w_ij the mean, over region i, of
/// region j's indicator blurred by the scanner's Gaussian. What lies around the regions enters as
/// one or more background regions of its own.
/// @source Rousset et al., J Nucl Med 1998;39:904-911.
[[nodiscard]] PartialVolume correct_partial_volume(
    const image::Volume<float>& concentration_bq_per_ml,
    const std::vector<image::RegionMask>& regions, const image::Vec3& psf_fwhm_mm,
    const image::RegionMask* body = nullptr);

}  // namespace sojourn::region
