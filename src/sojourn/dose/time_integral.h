#pragma once
#include <optional>
#include <string>
#include <vector>

namespace sojourn::dose {

/// A measured point of a time-activity curve.
struct CurvePoint {
  double hours = 0;  ///< after administration
  double value = 0;  ///< activity at that time, in any unit; not decay-corrected
  std::optional<double> sd;
};

struct IntegralSetting {
  double half_life_s = 0;
  /// The most that the decay-corrected value can be (1 for fractions of the administered activity);
  /// bounds what a rising tail or one point may hide.
  std::optional<double> ceiling;
  bool one_point_by_decay = false;  ///< one point: physical decay alone, flagged; else refused
  std::string model;                ///< "" chooses; or the name of a candidate
};

/// A curve that was tried.
struct CurveCandidate {
  std::string model;  ///< mono, bi, tri, uptake, trapezoid, decay
  double integral = 0, sd = 0;
  std::optional<double> aicc;  ///< corrected Akaike information criterion; less is better
  double weight = 0;           ///< Akaike weight among those with aicc
};

/// Integral of activity from 0 to infinity, in units of the values times hours.
struct TimeIntegral {
  std::string model;
  double value = 0;
  double sd = 0;                    ///< of the fit and of the choice among curves
  std::optional<double> low, high;  ///< bounds where the data do not fix the curve
  double tail_share = 0;            ///< part after the last point
  std::vector<CurveCandidate> candidates;
  std::vector<std::string> flags;
};

/// Fits sums of up to three exponentials that fall at least as fast as the nuclide decays, and an
/// uptake curve, A (e^-at - e^-bt); the least corrected Akaike criterion wins. Where no fit is
/// possible (two points, a rising tail, no criterion): straight lines upwards, exponentials
/// downwards, and physical decay after the last point.
/// @param points ascending in time, at least one.
/// @throws Error(bad_input) for no or one point, values negative by over two sd, times that do not
/// ascend, curves without activity; `what` names the curve in messages.
/// @source Glatting G, Kletting P, Reske SN, et al., Med Phys 34 (2007) 4285 (criterion for curves
/// of few points); Kletting et al., Med Phys 40 (2013) 102504 (functions).
[[nodiscard]] TimeIntegral integrate_curve(const std::vector<CurvePoint>& points,
                                           const IntegralSetting& setting, const std::string& what);

}  // namespace sojourn::dose
