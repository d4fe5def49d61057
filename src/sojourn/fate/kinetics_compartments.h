#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/fate/kinetics_convolution.h"
#include "sojourn/fate/kinetics_input.h"
#include "sojourn/numerics/curve_fit.h"

/// One- and two-tissue compartment models, solved exactly for piecewise-linear inputs.
namespace sojourn::fate::kinetics {

enum class TissueModel { one_tissue, two_tissue_irreversible, two_tissue_reversible };

/// Rates per second: 60 times smaller than the 1/min (mL/cm³/min) that papers print.
struct TissueRates {
  double k1_per_s = 0;  ///< K1, mL plasma / (mL tissue s)
  double k2_per_s = 0;
  double k3_per_s = 0;  ///< 0 in one tissue
  double k4_per_s = 0;  ///< 0 in one tissue and where nothing returns
  double blood_fraction = 0;
};

/// The response of tissue to plasma: Σ amplitude e^{−rate t}.
struct TissueResponse {
  double amplitude[2] = {0, 0};   ///< 1/s
  double rate_per_s[2] = {0, 0};  ///< slower one first
};

/// Roots α of α² − (k2+k3+k4) α + k2 k4 and their amplitudes, K1 (k3+k4−α1)/(α2−α1) and
/// K1 (α2−k3−k4)/(α2−α1).
/// @source Gunn, Gunn & Cunningham, J Cereb Blood Flow Metab 21 (2001) 635,
/// doi:10.1097/00004647-200106000-00002.
[[nodiscard]] TissueResponse response(const TissueRates& rates);

/// Plasma and blood in the frames of a scan.
struct InputInFrames {
  CurveInFrames plasma, blood;

  InputInFrames(const Input& input, const std::vector<FrameTime>& frames)
      : plasma(input.plasma, frames), blood(input.blood, frames) {}
};

/// Frame means in Bq/mL: (1 − v_B) C_tissue + v_B C_blood, shape [n_frames].
/// @throws Error(bad_value) for negative rates or a blood fraction outside [0, 1].
[[nodiscard]] std::vector<double> tissue_means(const TissueRates& rates,
                                               const InputInFrames& input);

/// Volume of distribution, mL/cm³: K1/k2 (1 + k3/k4), K1/k2 in one tissue. Infinite where nothing
/// returns.
[[nodiscard]] double volume_of_distribution(TissueModel model, const TissueRates& rates);
/// Net influx K1 k3/(k2 + k3) of an irreversible tissue, mL/(cm³ s).
[[nodiscard]] double net_influx_per_s(const TissueRates& rates);

/// Interval that a fit may use for a parameter.
struct Limits {
  double low = 0, high = 0;
};

struct TissueFitOptions {
  Limits k1_per_s{0, 0.1};  ///< up to 6 mL/cm³/min: more than any organ's flow
  Limits k2_per_s{1e-7, 0.2};
  Limits k3_per_s{0, 0.2};
  Limits k4_per_s{1e-7, 0.2};
  Limits blood_fraction{0, 0.5};
  std::optional<double> fixed_blood_fraction;
  /// Delay of the tissue after the sampling place, fitted between these; none: no delay.
  std::optional<Limits> delay_s;
  std::size_t n_starts = 3;  ///< best of a grid of rates from which the search starts
};

/// A fit of one region.
struct TissueFit {
  TissueModel model = TissueModel::one_tissue;
  numerics::FitStatus status = numerics::FitStatus::not_converged;
  std::string message;
  TissueRates rates;
  Estimate k1_per_s, k2_per_s, k3_per_s, k4_per_s, blood_fraction, delay_s;
  /// V_T where the model is reversible, K_i where it is not; the other one is empty.
  std::optional<Estimate> volume_of_distribution, net_influx_per_s;
  std::vector<double> fitted;  ///< frame means, Bq/mL
  double weighted_squares = 0;
  int degrees_of_freedom = 0;
  double akaike = 0;      ///< corrected for small samples; compare models of one region by it
  bool at_limit = false;  ///< a parameter stands at a limit: look at the curve
};

/// Weighted nonlinear least squares on frame means.
/// @param tissue_bq_per_ml shape [n_frames]; @param weights shape [n_frames], relative, >= 0;
/// empty: equal. Frames without weight must still be covered by the input.
/// @throws Error(bad_input) for shapes that do not fit, too few frames, inputs that end early.
[[nodiscard]] TissueFit fit_tissue(TissueModel model, const std::vector<FrameTime>& frames,
                                   const std::vector<double>& tissue_bq_per_ml, const Input& input,
                                   const std::vector<double>& weights = {},
                                   const TissueFitOptions& options = {});

}  // namespace sojourn::fate::kinetics
