#pragma once
#include <optional>
#include <span>
#include <vector>

#include "sojourn/fate/kinetics_curve.h"
#include "sojourn/numerics/curve_fit.h"

/// What feeds the tissue: parent tracer in arterial plasma, and whole blood in its vessels.
namespace sojourn::fate::kinetics {

/// Both in Bq/mL, decay-corrected to the same time as the tissue.
struct Input {
  Curve plasma;  ///< unchanged tracer in plasma
  Curve blood;   ///< all activity in whole blood
};

/// Unchanged tracer in plasma: total plasma times the parent fraction, both linear between samples.
/// @param parent_fraction values in [0, 1]. Before its first sample it is taken as 1 at the start
/// of the plasma curve; after the last one it stays where it is.
/// @throws Error(bad_input) for a fraction outside [0, 1].
[[nodiscard]] Curve parent_plasma(const Curve& total_plasma, const Curve& parent_fraction);

/// A curve whose values after its highest sample are replaced by a sum of exponentials fitted to
/// them, Σ_k a_k e^{−b_k (t − t_peak)} with a_k, b_k >= 0.
struct ExponentialTail {
  Curve curve;                     ///< samples up to the peak, then the fit, up to `until_s`
  std::vector<double> amplitude;   ///< unit of the curve
  std::vector<double> rate_per_s;  ///< fastest first
  std::vector<double> residual;    ///< sample less fit, from the peak on
  numerics::FitStatus status = numerics::FitStatus::not_converged;
};

/// Bi- or tri-exponential smoothing of a sampled input, by least squares with weights 1 /
/// max(value, 1 % of the peak): the spread of counts.
/// @param n_terms 1 to 3. @throws Error(bad_input) for fewer than 2 n_terms samples from the peak
/// on.
/// @source Feng et al., Int J Biomed Comput 32 (1993) 95, doi:10.1016/0020-7101(93)90049-C, uses
/// such sums for plasma curves of [18F]FDG.
[[nodiscard]] ExponentialTail fit_exponential_tail(const Curve& curve, double until_s,
                                                   std::size_t n_terms = 3);

/// What a tube or catheter with dispersion e^{−t/τ}/τ makes of a curve, at the curve's knots.
[[nodiscard]] Curve dispersed(const Curve& curve, double tau_s);

/// Undoes dispersion: c = g + τ dg/dt. The slope at a sample is that of the parabola fitted to the
/// samples within ± `slope_window_s` and to the neighbours at least. White noise of standard
/// deviation s on samples h apart grows to about s τ/(h √2) without a window.
/// @throws Error(bad_input) for τ < 0 or fewer than three samples.
/// @source Iida et al., J Cereb Blood Flow Metab 6 (1986) 536, doi:10.1038/jcbfm.1986.99.
[[nodiscard]] Curve undispersed(const Curve& curve, double tau_s, double slope_window_s = 0);

/// A blood sample that was counted in a well counter.
struct BloodSample {
  double time_s = 0, bq_per_ml = 0;
  double weight = 1;  ///< relative, >= 0
};

/// Blood from an image, and how it was scaled.
struct ImageDerivedBlood {
  Curve blood;           ///< Bq/mL
  Estimate scale{1, 0};  ///< what the samples say over what the image said
  std::size_t n_samples = 0;
};

/// Whole-blood curve from the mean of a blood-pool region: means over recovery, as a curve with
/// these frame means, times the factor that fits blood samples best (least squares through 0).
/// @param region_bq_per_ml shape [n_frames]; @param recovery part of the true concentration that
/// the region shows, in (0, 1.5]; spill-in is not modelled. @param samples may be empty: scale 1.
/// @throws Error(bad_input) for a recovery out of range, samples outside the scan, samples that
/// carry no weight.
/// @source Zanotti-Fregonara et al., J Cereb Blood Flow Metab 31 (2011) 1986,
/// doi:10.1038/jcbfm.2011.107 (why samples are needed).
[[nodiscard]] ImageDerivedBlood image_derived_blood(const std::vector<FrameTime>& frames,
                                                    std::span<const double> region_bq_per_ml,
                                                    double recovery,
                                                    const std::vector<BloodSample>& samples = {});

}  // namespace sojourn::fate::kinetics
