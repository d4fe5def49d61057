#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/projector/lor.h"

namespace sojourn::recon {

/// What was counted, in the form that every reconstruction here takes: an entry for each event of a
/// list (one count) or each bin of a sinogram that counted something.
///
/// The model of an entry's mean is  a n (P x + background): P the projector (with time of flight
/// where the lines have it), a the attenuation and n the normalisation of its line. The factor a n
/// cancels in the update but for the sensitivity image, so it is kept there alone.
struct Measured {
  projector::Lines lines;
  std::vector<float> counts;  ///< one for each line; empty: one count each
  /// (randoms + scatter + activity of the crystals) / (a n), in the unit of P x: image unit * mm,
  /// with time of flight per bin. Empty: none.
  std::vector<float> background;
  /// Subset of each entry where they are tied to it (views of a sinogram); empty: entries are dealt
  /// out in turn.
  std::vector<std::uint16_t> subset;

  [[nodiscard]] std::size_t size() const { return lines.size(); }
  [[nodiscard]] double total_counts() const;
};

/// Sum over all lines that could have counted of a n times their weights: one image, of which each
/// subset takes an equal share, or one for each subset.
using Sensitivity = std::vector<image::Volume<float>>;

/// Everything sorted so that neighbours cross the same voxels (projector/locality.h).
[[nodiscard]] Measured sorted(const Measured& measured, const image::Geometry& grid);
/// The entries of one subset of `n`.
[[nodiscard]] std::vector<Measured> split(const Measured& measured, std::size_t n);

}  // namespace sojourn::recon
