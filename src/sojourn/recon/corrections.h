#pragma once
#include <optional>
#include <span>

#include "sojourn/projector/joseph.h"
#include "sojourn/recon/acquisition.h"

namespace sojourn::recon {

/// exp(-integral of mu) along each line: the part of the pairs that leaves the subject.
/// @param mu_per_mm linear attenuation at the photons' energy, 1/mm, on any grid of the same frame.
/// @throws Error(bad_input) where mu is negative, not finite or over 1 /mm (then it is Hounsfield
/// units or another unit).
[[nodiscard]] std::vector<float> attenuation_factors(const image::Volume<float>& mu_per_mm,
                                                     std::span<const projector::Lor> lines);

/// Mean randoms of each entry from the events of the delayed window, in which only chance puts
/// events: delayed events per line as a function of the line's distance from the axis, its slope
/// and its place along the axis (a scanner that looks the same from every side), over the lines
/// that could have counted. Spread evenly over `tof_range_mm` of time of flight where events carry
/// it.
[[nodiscard]] std::vector<float> randoms_from_delayed(const Acquisition& acquisition,
                                                      double tof_range_mm);

/// measured.background of an acquisition, (randoms + scatter) / (a n).
/// @throws Error(bad_input) normalisation that is 0, negative or not finite where something was
/// counted.
void set_background(Acquisition& acquisition);

/// Sum over the lines that could have counted of a n times their weights, by subset where lines are
/// tied to subsets. @param mu_per_mm nullptr: no attenuation.
[[nodiscard]] Sensitivity sensitivity_of(const projector::Joseph& projector,
                                         const Acquisition& acquisition,
                                         const image::Volume<float>* mu_per_mm, int subsets);

/// What a value of the image, counts per (unit of n) per mm, stands for.
struct CalibrationFacts {
  double duration_s = 0;
  double half_life_s = 0;         ///< 0: no decay
  double positron_fraction = 1;   ///< pairs per decay
  double live_fraction = 1;       ///< part of the time in which the scanner could count
  double bq_per_ml_per_unit = 1;  ///< measured: Bq/mL of a known source over what it shows here
};

/// Factor to Bq/mL at the start of the frame: calibration / (T live branching), T the integral of
/// the decay over the frame: (1 - exp(-lambda t)) / lambda.
[[nodiscard]] double activity_factor(const CalibrationFacts& facts);

/// Live part of a scanner that is paralysed by each event for dead_time_s, from the rate that it
/// recorded: the solution at low rates of m = n exp(-n tau), live = m / n.
/// @throws Error(bad_input) where the rate is above what such a scanner can record, 1 / (e tau).
/// @source Knoll, Radiation Detection and Measurement, 4th ed., section 4.VII.
[[nodiscard]] double live_fraction(double recorded_per_s, double dead_time_s);

}  // namespace sojourn::recon
