#include "sojourn/region/partial_volume.h"

#include "sojourn/region/geometric_transfer.h"
#include "sojourn/region/segment.h"

namespace sojourn::region {

PartialVolume correct_partial_volume(const image::Volume<float>& concentration_bq_per_ml,
                                     const std::vector<image::RegionMask>& regions,
                                     const image::Vec3& psf_fwhm_mm,
                                     const image::RegionMask* body) {
  std::optional<image::RegionMask> found;
  if (body == nullptr) {
    found = body_from_emission(concentration_bq_per_ml);
    body = &*found;
  }
  return GeometricTransfer(concentration_bq_per_ml.geometry(), regions, psf_fwhm_mm, body)
      .correct(concentration_bq_per_ml);
}

}  // namespace sojourn::region
