#pragma once
#include <span>

#include "sojourn/image/volume.h"
#include "sojourn/recon/acquisition.h"

namespace sojourn::recon {

/// Where and how single scatter is calculated.
struct ScatterModel {
  double radius_mm = 0, half_length_mm = 0;  ///< of the cylinder of virtual detectors
  double energy_low_kev = 350;               ///< of the window
  double energy_resolution_511 = 0.15;       ///< FWHM over energy
  int angles = 20, rings = 5;                ///< virtual detectors
  std::size_t points = 600;                  ///< scatter points, about
};

/// Single-scatter simulation: pairs of which one photon is scattered once on its way, at points
/// spread evenly over matter, into pairs of virtual detectors on a cylinder:
///   S = sum over points V mu p(theta) / (R_A^2 R_B^2) c_A c_B / (2 pi) *
///       [ e^-(int_A mu + int_B mu') int_A x eff(E') + the same with A and B changed ],
/// p the Klein-Nishina density per sr, mu' = mu at the energy E' after the scatter. Kept as
/// q = S / (c_A c_B / (2 pi L^2)): what the line would have to integrate to count as many pairs.
/// Multiple scatter, coherent scatter and scatter outside the image are left to the tail fit.
/// @source Watson, IEEE Trans Nucl Sci 2000;47:1587-1594, doi:10.1109/23.873020.
class SingleScatter {
 public:
  /// @param activity pairs per mm^3 on any grid; @param mu_per_mm at 511 keV.
  SingleScatter(const image::Volume<float>& activity, const image::Volume<float>& mu_per_mm,
                const ScatterModel& model);
  /// q of a line, image unit * mm: linear in the angles and places of its ends on the cylinder.
  [[nodiscard]] double of(const projector::Lor& line) const;
  /// q between virtual detectors, for tests: index = ring * angles + angle.
  [[nodiscard]] double between(std::size_t a, std::size_t b) const { return q_[a * n_ + b]; }

 private:
  ScatterModel model_;
  std::size_t n_ = 0;
  std::vector<double> q_;
};

/// Mean scattered counts of each entry; the simulation is scaled so that it explains the counts
/// (less randoms) of lines that hardly meet matter. @return the scale, 1 where those counts are
/// under 100 (then a warning is added).
/// @throws Error(bad_input) for data with time of flight.
double set_scatter(Acquisition& acquisition, const SingleScatter& scatter,
                   const image::Volume<float>& mu_per_mm);

/// Energy of a 511 keV photon scattered by an angle, keV, and the density per sr of that angle.
[[nodiscard]] double scattered_kev(double cosine);
[[nodiscard]] double klein_nishina_per_sr(double cosine);

}  // namespace sojourn::recon
