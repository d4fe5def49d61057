#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sojourn/fate/kinetics_curve.h"
#include "sojourn/numerics/curve_fit.h"

/// Binding from a region without binding: no blood is drawn.
namespace sojourn::fate::kinetics {

/// Frame means of a target and of the reference region, Bq/mL, decay-corrected alike.
struct ReferenceData {
  std::vector<FrameTime> frames;
  std::vector<double> tissue, reference;  ///< shape [n_frames]
  std::vector<double> weights;            ///< relative, >= 0; empty: equal
};

/// @throws Error(bad_input) for shapes, weights, or frames that do not start with the injection.
void check(const ReferenceData& data);

/// The simplified reference tissue model: C = R1 C_r + (k2 − R1 θ) C_r ⊗ e^{−θt}, θ = k2/(1 +
/// BP_ND).
struct ReferenceRates {
  double r1 = 1;  ///< K1/K1'
  double k2_per_s = 0;
  double bp_nd = 0;
};

/// Frame means of the target. The reference is taken as piecewise linear with its frame means.
/// @source Lammertsma & Hume, NeuroImage 4 (1996) 153, doi:10.1006/nimg.1996.0066.
[[nodiscard]] std::vector<double> reference_tissue_means(const ReferenceRates& rates,
                                                         const std::vector<FrameTime>& frames,
                                                         std::span<const double> reference);

/// A fit of one target.
struct ReferenceFit {
  numerics::FitStatus status = numerics::FitStatus::not_converged;
  std::string message;
  Estimate r1, k2_per_s, bp_nd;
  double k2_reference_per_s = 0;  ///< k2' = k2/R1
  std::vector<double> fitted;     ///< frame means, Bq/mL
  double weighted_squares = 0;
  bool at_limit = false;
};

struct ReferenceFitOptions {
  /// Interval of θ = k2/(1 + BP_ND), 1/s: 0.0006 to 1.2 1/min.
  double slowest_per_s = 1e-5, fastest_per_s = 2e-2;
  std::size_t n_basis = 100;  ///< of the basis functions, evenly in ln θ
};

/// SRTM by nonlinear least squares over R1, k2, BP_ND, from the best basis function.
[[nodiscard]] ReferenceFit fit_srtm(const ReferenceData& data,
                                    const ReferenceFitOptions& options = {});

/// SRTM by basis functions: for each θ of the grid R1 and k2 − R1 θ follow linearly; the θ of least
/// squares is taken. For voxels. Errors are those at the θ found, so too small: BP_ND carries half
/// a step of the grid beside them.
/// @source Gunn et al., NeuroImage 6 (1997) 279, doi:10.1006/nimg.1997.0303.
[[nodiscard]] ReferenceFit fit_srtm_basis(const ReferenceData& data,
                                          const ReferenceFitOptions& options = {});

/// Multilinear reference tissue model: C = γ1 ∫C_r + γ2 ∫C + γ3 C_r, BP_ND = −γ1/γ2 − 1,
/// k2' = γ1/γ3, R1 = γ3, k2 = γ1; from `start_s` on.
/// @note errors leave out the noise in ∫C: about half of the true spread.
/// @source Ichise et al., J Cereb Blood Flow Metab 23 (2003) 1096,
/// doi:10.1097/01.WCB.0000085441.37552.CA.
[[nodiscard]] ReferenceFit fit_mrtm(const ReferenceData& data, double start_s = 0);

/// The same with k2' given (MRTM2): C = γ1 (∫C_r + C_r/k2') + γ2 ∫C.
[[nodiscard]] ReferenceFit fit_mrtm2(const ReferenceData& data, double k2_reference_per_s,
                                     double start_s = 0);

}  // namespace sojourn::fate::kinetics
