#pragma once
#include <string>
#include <vector>

/// The numbers of the planning models, from data/plan: each stands there with its source.
namespace sojourn::plan {

struct NoiseConstants {
  double noise_constant = 0;     ///< own counts of a reported detection over Currie's
  double fluorine_constant = 0;  ///< 19F of a reported detection in vivo over a phantom's
  double disc_variance = 0;      ///< of a resolution element, times the root of their number
  double time_of_flight = 0;     ///< extent of the background in widths of the time resolution
  double lso_bq_per_ml = 0, lyso_bq_per_ml = 0;  ///< 176Lu in the crystals
  std::vector<double> threshold_kev, share;      ///< of 176Lu decays over an energy threshold
  double match_clutter = 0, match_counts = 0, match_blood = 0;  ///< nuclide against vector
  double probe_bq_per_mol = 0;  ///< molar activity of probes whose row has none
  double match_suits = 0;       ///< from this match on a nuclide suits a vector
};

/// Read once from data/plan/noise_2026. @throws Error(bad_input) naming file and field.
[[nodiscard]] const NoiseConstants& noise_constants();

/// Attenuation coefficient of water, 60 to 1000 keV (clamped to those ends).
[[nodiscard]] double water_attenuation_per_mm(double energy_kev);

}  // namespace sojourn::plan
