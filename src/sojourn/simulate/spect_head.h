#pragma once
#include <string>
#include <vector>

namespace sojourn::simulate {

/// A gamma camera head with parallel holes, from a row of data/catalogue/scanners.
/// @source Anger 1964; Cherry, Sorenson and Phelps, Physics in Nuclear Medicine, 4th ed., eq. 14-6
/// to 14-9 (hexagonal holes: K = 0.26).
struct SpectHead {
  std::string id, crystal;
  double crystal_depth_mm = 0;
  double hole_mm = 0, septum_mm = 0, length_mm = 0;  ///< across flats, wall, along the hole
  double intrinsic_fwhm_mm = 0;
  double energy_low_kev = 0, energy_high_kev = 0;
  double energy_resolution = 0, resolution_at_kev = 0;  ///< FWHM over energy where it was measured
  double width_mm = 0, height_mm = 0;                   ///< across the axis, along it
  int heads = 1;

  /// L - 2/mu: photons enter the lead a little at both ends.
  [[nodiscard]] double effective_length_mm(double energy_kev) const;
  /// FWHM of a point `distance_mm` in front of the collimator, with the crystal's own.
  [[nodiscard]] double fwhm_mm(double distance_mm, double energy_kev) const;
  /// Photons through the holes over photons sent to all sides; the same at any distance.
  [[nodiscard]] double geometric_efficiency(double energy_kev) const;
  /// Share of photons on the shortest way through one septum that it lets pass: exp(-mu w), w = t L
  /// / (2 d + t). A measure of quality (under 0.05 is usual); images do not contain such photons.
  [[nodiscard]] double septal_penetration(double energy_kev) const;
  /// Share of energy signals of this deposit that fall into the window after blur.
  [[nodiscard]] double window_share(double deposit_kev) const;
};

/// Counts in the window per photon sent to all sides, of one head, without attenuation in the
/// subject: geometric efficiency times what a crystal does with photons that hit it straight. The
/// crystal is followed photon by photon (4000 at each of the energies 5 keV apart, linear between,
/// 30 to 500 keV).
class SpectResponse {
 public:
  explicit SpectResponse(const SpectHead& head);
  [[nodiscard]] double counts_per_photon(double energy_kev) const;

 private:
  std::vector<double> counts_;
};

/// @throws Error(bad_input) for rows that are no SPECT scanner with parallel holes.
[[nodiscard]] SpectHead spect_head(const std::string& id);

}  // namespace sojourn::simulate
