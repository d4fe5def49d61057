#pragma once
#include <optional>
#include <string>

#include "sojourn/plan/cell_signal.h"

/// From a method's signal and a scanner to a detection limit in cells.
namespace sojourn::plan {

/// What is looked at, and for how long.
struct Task {
  double volume_ml = 1, depth_mm = 0;
  std::optional<double> time_s;   ///< none: 20 min for PET and SPECT, else the scanner's usual
  double object_diameter_mm = 0;  ///< tissue around; 0: none (a phantom in air)
  bool in_vivo = false;           ///< 19F: the constant of living subjects applies
  std::optional<double> background_bq_per_ml;  ///< none: the signal's own
};

struct Detection {
  double signal = 0;  ///< limit of the region, in the signal's unit
  double cells = 0, cells_per_ml = 0;
  double background_bq_per_ml = 0;
  std::string limited_by;
  records::Basis basis = records::Basis::modelled;
};

/// The smallest number of living cells that can be seen when they show this signal.
/// @throws Error(bad_input) where the scanner cannot see the method, or nothing is known of what
/// lies around the cells.
[[nodiscard]] Detection detect(const catalogue::Method& method, const SignalNow& signal,
                               const catalogue::Scanner& scanner, const Task& task);

/// Why this scanner does not fit the method; empty where it does.
[[nodiscard]] std::string misfit(const catalogue::Method& method,
                                 const catalogue::Scanner& scanner);

}  // namespace sojourn::plan
