#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sojourn/image/geometry.h"
#include "sojourn/transport/stream.h"

namespace sojourn::transport {

/// Where decays happen: voxels by their share of the activity, evenly inside a voxel (Walker's
/// aliases: one look-up whatever the number of voxels).
class SourceMap {
 public:
  /// @param weights shape [voxels], any unit, >= 0, some over 0; axes along x, y, z.
  /// @throws Error(shape_mismatch), Error(bad_value).
  SourceMap(const image::Geometry& geometry, std::span<const float> weights);

  /// A point in mm.
  [[nodiscard]] image::Vec3 sample(Stream& random) const;
  /// Sum of the weights.
  [[nodiscard]] double total() const { return total_; }

 private:
  image::Geometry geometry_;
  std::vector<std::uint32_t> voxel_, alias_;  ///< voxels with activity only
  std::vector<float> keep_;
  double total_ = 0;
};

/// A photon line of a decay.
struct GammaLine {
  double energy_kev = 0, probability = 0;
};

/// What a nuclide sends out, for imaging: positrons and photons over a threshold.
struct DecayScheme {
  std::string name;
  double positron_fraction = 0;
  std::vector<float>
      range_quantiles_mm;  ///< distance of annihilation in water, even in probability
  struct Branch {
    double share = 0;               ///< of the decays
    bool positron = false;          ///< else electron capture or beta-
    std::vector<GammaLine> prompt;  ///< given this branch, each by itself
  };
  std::vector<Branch> branches;    ///< shares add up to one
  std::vector<GammaLine> delayed;  ///< from a long-lived level: uncorrelated with the positron

  [[nodiscard]] const Branch& pick(double uniform) const;
  /// Distance in water from emission to annihilation.
  [[nodiscard]] double range_mm(float uniform) const;
};

/// @param lowest_kev photons below are left out (they cannot reach the detectors).
/// @throws Error(bad_input) for an unknown nuclide.
[[nodiscard]] DecayScheme decay_scheme(const std::string& nuclide, double lowest_kev);

}  // namespace sojourn::transport
