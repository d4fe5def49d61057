#pragma once
#include <cstdint>

#include "sojourn/image/volume.h"
#include "sojourn/simulate/nuclear_model.h"

/// Images of PET and SPECT without events: mean by blur, noise by the information that lines
/// through each point carry. Equations, sources and limits: docs/theory/fast_path.md.
namespace sojourn::simulate {

/// What is imaged, on one grid whose axes are the scanner's.
struct FastScene {
  image::Volume<float> activity_bq_per_ml;  ///< mean over the frame
  image::Volume<float> mu_per_mm;           ///< at the energy of the photons; empty: none
  double duration_s = 0;
  image::Vec3 center_mm{0, 0, 0};  ///< middle of the field of view
};

/// Counts that the scanner is expected to take.
struct ExpectedCounts {
  double trues = 0, scatters = 0, randoms = 0;
  [[nodiscard]] double prompts() const { return trues + scatters + randoms; }
};

struct FastNoise {
  image::Volume<float> sd_bq_per_ml;  ///< of each voxel of the final image
  ExpectedCounts counts;
};

struct FastOptions {
  int angles = 16;        ///< directions across the axis
  int longest_side = 40;  ///< of the coarse grid on which lines are followed
};

/// Standard deviation of a voxel of an image reconstructed by weighted least squares to the
/// model's filter, and the expected counts. Zero outside the field of view.
/// @throws Error(bad_input) for grids that differ or a frame of no length.
[[nodiscard]] FastNoise fast_noise(const FastScene& scene, const NuclearModel& model,
                                   const FastOptions& options = {});

/// One image in Bq/mL, mean over the frame: the blurred activity inside the field of view plus
/// noise with the given standard deviation and the correlation of ramp-filtered data; voxels may be
/// negative. Same result for any number of threads.
[[nodiscard]] image::Volume<float> fast_image(const FastScene& scene, const NuclearModel& model,
                                              const FastNoise& expected_noise, std::uint64_t seed,
                                              bool noise_free = false);

/// Noise of unit variance: across z the spectrum nu exp(-4 pi^2 sigma^2 nu^2) of ramp-filtered
/// counts, in octaves of differences of Gaussians; along z Gaussian.
[[nodiscard]] image::Volume<float> unit_noise(const image::Geometry& grid,
                                              const image::Vec3& filter_fwhm_mm,
                                              std::uint64_t seed);

}  // namespace sojourn::simulate
