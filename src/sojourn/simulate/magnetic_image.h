#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/catalogue/rows.h"
#include "sojourn/image/volume.h"

/// 19F MRI, magnetic particle imaging and iron-weighted MRI in the image domain. Equations, sources
/// and limits: docs/theory/image_domain_models.md.
namespace sojourn::simulate {

/// Images whose signal is proportional to an amount (19F atoms, grams of iron).
struct AmountModel {
  std::string unit;          ///< of the image: "19F atoms/mL", "g/mL"
  double sd_of_element = 0;  ///< noise of the amount in one element (voxel, or resolution volume)
  double usual_time_s = 0;   ///< in which it has that noise
  image::Vec3 fwhm_mm{0, 0, 0};
  double voxel_mm = 0;      ///< 0: the scene's
  bool magnitude = false;   ///< Rician: magnitude of a complex signal with noise
  bool correlated = false;  ///< noise with the width of the image's point, else per voxel
};

/// Voxel and detectable 19F of the row: noise is a third of what the row calls detectable; FWHM
/// 1.207 voxels (main lobe of the sinc of a full k-space). @throws Error(bad_input).
[[nodiscard]] AmountModel fluorine_model(const catalogue::Scanner& scanner);
/// FWHM and detectable iron of the row: noise of a resolution volume is a third of it.
[[nodiscard]] AmountModel mpi_model(const catalogue::Scanner& scanner);

/// @param amount_per_ml of the label, on any grid.
/// @return the image, in amount per mL, on blocks of the scene's voxels nearest to the model's.
[[nodiscard]] image::Volume<float> amount_image(const image::Volume<float>& amount_per_ml,
                                                const AmountModel& model, double time_s,
                                                std::uint64_t seed, bool noise_free = false);

/// Gradient-echo MRI of iron.
struct IronModel {
  double field_t = 3;
  double echo_time_s = 0.01;
  /// Magnetisation of the saturated iron, A m2 per kg of iron. @source Bowen et al., Magn Reson Med
  /// 2002;48:52 take a comparable value; recalled.
  double saturation_am2_per_kg = 90;
  double snr = 30;      ///< of tissue without iron in one voxel, at the echo time
  double voxel_mm = 0;  ///< 0: the scene's
};
/// Field and voxel of the row; the rest as above (assumptions).
[[nodiscard]] IronModel iron_model(const catalogue::Scanner& scanner);

/// A lump of iron much smaller than a voxel: a cell, a cluster.
struct IronLump {
  image::Vec3 mm{0, 0, 0};
  double iron_g = 0;
};

/// R2* of evenly spread iron in the static dephasing regime, 1/s:
/// 2 pi / (3 sqrt 3) gamma mu0 M, M = saturation x iron per volume.
/// @source Yablonskiy and Haacke, Magn Reson Med 1994;32:749; Bowen 2002.
[[nodiscard]] double static_dephasing_per_s(const IronModel& model, double iron_g_per_ml);
/// Distance along the field at which a lump's field turns spins by pi within the echo time, mm.
[[nodiscard]] double void_radius_mm(const IronModel& model, double iron_g);

/// Magnitude image, tissue without iron = 1: exp(-TE R2*) with the R2* of spread iron, and the
/// dephasing of each lump's dipole field (the blooming), with Rician noise.
/// @param iron_g_per_ml spread iron; @param tissue 0 to 1: part of each voxel that gives signal.
/// @param field_axis the direction of the magnet, 0 to 2.
[[nodiscard]] image::Volume<float> iron_image(const image::Volume<float>& iron_g_per_ml,
                                              const image::Volume<float>& tissue,
                                              const std::vector<IronLump>& lumps,
                                              const IronModel& model, int field_axis,
                                              std::uint64_t seed, bool noise_free = false);

}  // namespace sojourn::simulate
