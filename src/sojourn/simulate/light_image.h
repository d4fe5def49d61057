#pragma once
#include <cstdint>

#include "sojourn/catalogue/rows.h"
#include "sojourn/image/volume.h"

/// Bioluminescence and fluorescence seen by a camera. Equations, sources and limits:
/// docs/theory/image_domain_models.md.
namespace sojourn::simulate {

struct LightModel {
  double attenuation_per_mm = 0.5;         ///< mu_eff of tissue at the emission's wavelength
  double reduced_scattering_per_mm = 1.0;  ///< mu_s'; assumption, Jacques 2013 has 0.5 to 2
  double refraction_factor = 2.95;         ///< A of the boundary for n = 1.4 to air; recalled
  double detected_fraction = 1e-4;         ///< of photons leaving the skin; assumption
  double camera_fwhm_mm = 0;
  double background_sd_per_s_mm2 = 0;  ///< noise of 1 mm^2 of skin in the usual time
  double usual_time_s = 60;
};

/// Attenuation of the method, detectable rate of the camera: three standard deviations of the light
/// of 10 mm^2 of skin (the rate was derived for 0.1 cm^2).
/// @throws Error(bad_input) for a method or scanner that is not optical.
[[nodiscard]] LightModel light_model(const catalogue::Method& method,
                                     const catalogue::Scanner& scanner);

/// Photons that leave the skin per mm^2 at a lateral distance from a point source of one photon at
/// a depth: flux at the surface of a half-space with extrapolated boundary,
/// (1/4 pi) [d (mu + 1/r1) e^(-mu r1) / r1^2 + (d + 2 zb) (mu + 1/r2) e^(-mu r2) / r2^2].
/// @source Farrell, Patterson, Wilson, Med Phys 1992;19:879, doi:10.1118/1.596777.
[[nodiscard]] double surface_flux_per_mm2(const LightModel& model, double depth_mm,
                                          double lateral_mm);
/// Its integral over the surface: (e^(-mu d) + e^(-mu (d + 2 zb))) / 2.
[[nodiscard]] double escaped_fraction(const LightModel& model, double depth_mm);

/// From which side the camera looks: along the grid's y axis.
enum class View { front, back };

/// Photons per second and mm^2 that leave the skin towards the camera; one plane (y has one voxel).
/// @param photons_per_s_per_ml emitted in the tissue; @param tissue over 0.5 is tissue: depth
/// counts from its first voxel in the column, as if the skin were flat there.
[[nodiscard]] image::Volume<float> light_image(const image::Volume<float>& photons_per_s_per_ml,
                                               const image::Volume<float>& tissue,
                                               const LightModel& model, View view, double time_s,
                                               std::uint64_t seed, bool noise_free = false);

}  // namespace sojourn::simulate
