#pragma once
#include <optional>
#include <string>

#include "sojourn/catalogue/rows.h"

namespace sojourn::fate {

/// An activity of a tracer and what it rests on.
struct UsualActivity {
  double bq = 0;
  bool assumed = false;
};

/// Of a reporter's or probe's tracer, what is usual for a subject of this mass: the row's for the
/// mouse or the adult, carried from the mouse to the rat and from the adult to the macaque with
/// body mass to the power 2/3 (assumed). None where the row has no activity for a species of that
/// size (nobody scales a mouse to a man), and for methods without a tracer.
[[nodiscard]] std::optional<UsualActivity> usual_activity(const catalogue::Method& method,
                                                          const std::string& species,
                                                          double body_mass_g);

}  // namespace sojourn::fate
