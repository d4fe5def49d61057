#pragma once
#include <cstdint>

#include "sojourn/image/volume.h"

namespace sojourn::simulate {

/// The scanner of the fast path, as its images show it.
struct FastScanner {
  image::Vec3 fwhm_mm{1.48, 1.48, 1.15};  ///< of the reconstructed image's Gaussian blur
  double sensitivity = 0.0575;            ///< detected coincidences per annihilation in the body
};

/// Inveon: resolution 1.46 radial and 1.49 tangential (their mean across), 1.15 mm axial, absolute
/// sensitivity 5.75 % (350-650 keV).
/// @source Phys Med Biol 2009;54:2885-2899, doi:10.1088/0031-9155/54/9/020.
[[nodiscard]] FastScanner inveon();

struct Frame {
  double duration_s = 0, half_life_s = 0, positron_fraction = 0;
};

struct Acquired {
  image::Volume<float> concentration_bq_per_ml;  ///< corrected for decay to the frame's start
  double total_counts = 0;  ///< drawn; the expected number where there is no noise
};

/// An image of a frame from the true concentration at its start, in voxels of block^3 of its
/// grid's. Half of the blur's variance comes before the counts are drawn, half after: the image's
/// blur is the scanner's and its noise is correlated as smoothed counts are. Each voxel draws from
/// its own stream, so the number of threads does not matter; the mean over draws is the noise-free
/// image.
/// @note Attenuation, scatter, randoms and the noise that reconstruction adds are left out.
[[nodiscard]] Acquired acquire(image::Volume<float> concentration_at_start,
                               const FastScanner& scanner, const Frame& frame, int block,
                               std::uint64_t seed, bool noise_free);

/// Counts expected for 1 Bq at the start of the frame.
[[nodiscard]] double counts_per_bq(const FastScanner& scanner, const Frame& frame);

}  // namespace sojourn::simulate
