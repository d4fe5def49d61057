#pragma once
#include <optional>
#include <vector>

#include "sojourn/core/progress.h"
#include "sojourn/projector/joseph.h"
#include "sojourn/recon/measured.h"
#include "sojourn/recon/prior.h"

namespace sojourn::recon {

struct Options {
  int iterations = 4;
  int subsets = 1;            ///< 1: MLEM
  image::Vec3 psf_fwhm_mm{};  ///< resolution model: a Gaussian in image space; 0: none
  RelativeDifference prior;   ///< beta over 0: one-step-late MAP
};

struct Outcome {
  image::Volume<float> image;
  /// Poisson log likelihood (without terms that the image does not change) before each iteration;
  /// with more than one subset each subset's term belongs to the image at its turn.
  std::vector<double> log_likelihood;
  /// Entries whose line meets no voxel of the image and has no background: they tell nothing.
  std::size_t unused_entries = 0;
};

/// x <- x / (s + beta dR) * G' P'[ counts / (P G x + background) ] over subsets; voxels that no
/// line sees stay 0. With one subset and no prior the likelihood rises at every step.
///
/// @param sensitivity without the resolution model; it is applied here. One image (shared out
/// equally) or one for each subset.
/// @throws Error(bad_input) no counts, empty subsets, sensitivity that is negative, not finite or 0
/// everywhere, on another grid.
/// @source Shepp and Vardi, IEEE Trans Med Imaging 1982;1:113, doi:10.1109/TMI.1982.4307558; Hudson
/// and Larkin 1994;13:601, doi:10.1109/42.363108; Parra and Barrett 1998;17:228,
/// doi:10.1109/42.700734 (list mode); Green 1990;9:84, doi:10.1109/42.52985 (one step late).
[[nodiscard]] Outcome reconstruct(const projector::Joseph& projector, const Measured& measured,
                                  const Sensitivity& sensitivity, const Options& options,
                                  const core::Progress& progress = {});

/// Voxel variance of a reconstruction by bootstrap: `replicates` reconstructions of the same
/// entries with Poisson-distributed counts about those measured.
/// @source Dahlbom, IEEE Trans Nucl Sci 2002;49:2062-2066, doi:10.1109/TNS.2002.803687.
[[nodiscard]] image::Volume<float> bootstrap_variance(const projector::Joseph& projector,
                                                      const Measured& measured,
                                                      const Sensitivity& sensitivity,
                                                      const Options& options, int replicates,
                                                      std::uint64_t seed,
                                                      const core::Progress& progress = {});

}  // namespace sojourn::recon
