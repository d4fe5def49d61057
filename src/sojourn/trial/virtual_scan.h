#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/records/study.h"

namespace sojourn::trial {

/// What a scan of the label is: when, how long, on which scanner.
struct VirtualScan {
  int number = 0;  ///< 1-based, in the order of the study file
  double start_utc_s = 0, duration_s = 0;
  std::string scanner;  ///< catalogue id
  bool whole_body = false;
  double start_s = 0;  ///< after the infusion of the cells
  [[nodiscard]] double mid_s() const { return start_s + duration_s / 2; }
};

/// The scans of a study and what was given, settled.
struct VirtualPlan {
  records::Study study;
  std::vector<VirtualScan> scans;
  double origin_utc_s = 0;  ///< infusion of the cells
  double injected_bq = 0;   ///< label, net, then
  double syringe_bq = 0;    ///< label, then
  double half_life_s = 0;
  std::string method, nuclide;
  std::vector<std::string> warnings;
};

/// Takes times and durations from the study file; where it lacks them, from the headers of its
/// images. Frames of one scan count as one. A scan without a scanner gets Inveon (mouse, rat) or
/// Vision Quadra, or a SPECT camera where the nuclide emits no positrons; a warning says so.
/// @throws Error(bad_input) for studies without infusion or label, scans of other tracers, unknown
/// scanners, activity that is not positive, an image that is wanted and not there.
[[nodiscard]] VirtualPlan plan_of(records::Study study);

}  // namespace sojourn::trial
