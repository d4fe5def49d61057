#pragma once
#include <optional>
#include <vector>

#include "sojourn/fate/body_modes.h"

/// A body over time: several infusions, and a time of chelation.
namespace sojourn::fate {

/// What enters at one moment.
struct BodyInput {
  double at_s = 0;
  BodyState amount;
};

/// A time during which free label takes the fractions of deferoxamine.
struct Chelation {
  double start_s = 0, stop_s = 0;
};

/// The states at `times_s` (ascending), the input of that very moment included; nothing before the
/// first. Exact: it restarts at each input and where chelation begins and ends.
[[nodiscard]] std::vector<BodyState> body_course(const BodyModes& modes,
                                                 std::vector<BodyInput> inputs,
                                                 const std::optional<Chelation>& chelation,
                                                 const std::vector<double>& times_s);

}  // namespace sojourn::fate
