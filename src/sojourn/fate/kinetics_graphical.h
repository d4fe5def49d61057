#pragma once
#include <optional>
#include <span>
#include <vector>

#include "sojourn/fate/kinetics_curve.h"

/// Plots that become straight: slopes instead of models.
namespace sojourn::fate::kinetics {

/// Which points of a plot are taken as straight.
struct LinearPart {
  /// Frames whose mid-time is at t* or later; none: found by the rule.
  std::optional<double> start_s;
  /// Rule: the earliest t* from which the line through all later points leaves none of them further
  /// than this from it, |y − line| / |line|. 10 % is the customary choice.
  double max_deviation = 0.1;
  std::size_t min_points = 5;
};

/// A straight line through the late points of a plot.
struct PlotLine {
  Estimate slope, intercept;  ///< of ordinary least squares in the plot
  double start_s = 0;         ///< t*: mid-time of the first point used
  std::size_t n_points = 0;
  double max_deviation = 0;  ///< largest |y − line| / |line| of the points used
  bool linear = false;  ///< max_deviation keeps the rule; false also where no t* does: then the
                        ///< last min_points are fitted
  std::vector<double> x, y;  ///< all points of the plot, shape [n_frames]; NaN where the divisor is
                             ///< not positive
};

/// Tissue and what it is compared with, in the same frames, Bq/mL.
struct PlotData {
  std::vector<FrameTime> frames;
  std::vector<double> tissue;   ///< frame means without blood, shape [n_frames]
  std::vector<double> weights;  ///< relative, of the plot's points; empty: equal
};

/// Frame means without the blood in the vessels, (C − v_B C_blood)/(1 − v_B).
/// @throws Error(bad_input) for shapes, or a fraction outside [0, 1).
[[nodiscard]] std::vector<double> without_blood(std::span<const double> region,
                                                std::span<const double> blood_mean,
                                                double blood_fraction);

/// Logan: ∫C/C against ∫C_p/C. The slope becomes V_T (mL/cm³), the intercept is negative, in s.
/// @note noise in C biases the slope downward (Slifstein & Laruelle 2000).
/// @source Logan et al., J Cereb Blood Flow Metab 10 (1990) 740, doi:10.1038/jcbfm.1990.127.
[[nodiscard]] PlotLine logan(const PlotData& data, const Curve& plasma,
                             const LinearPart& part = {});

/// Logan with a reference region: ∫C/C against (∫C_r + C_r/k2')/C. The slope becomes DVR = 1 +
/// BP_ND. @param k2_reference_per_s k2' of the reference region; none: its term is left out, right
/// only where C_r/C is constant late. @param reference frame means, shape [n_frames].
/// @source Logan et al., J Cereb Blood Flow Metab 16 (1996) 834,
/// doi:10.1097/00004647-199609000-00008.
[[nodiscard]] PlotLine reference_logan(const PlotData& data, std::span<const double> reference,
                                       std::optional<double> k2_reference_per_s,
                                       const LinearPart& part = {});

/// Patlak: C/C_p against ∫C_p/C_p. The slope becomes K_i (mL/(cm³ s)).
/// @source Patlak, Blasberg & Fenstermacher, J Cereb Blood Flow Metab 3 (1983) 1,
/// doi:10.1038/jcbfm.1983.1.
[[nodiscard]] PlotLine patlak(const PlotData& data, const Curve& plasma,
                              const LinearPart& part = {});

/// Patlak with a reference region: C/C_r against ∫C_r/C_r. The slope becomes k2 k3/(k2 + k3) (1/s)
/// where the tissue has the K1/k2 of the reference.
/// @source Patlak & Blasberg, J Cereb Blood Flow Metab 5 (1985) 584, doi:10.1038/jcbfm.1985.87.
[[nodiscard]] PlotLine reference_patlak(const PlotData& data, std::span<const double> reference,
                                        const LinearPart& part = {});

}  // namespace sojourn::fate::kinetics
