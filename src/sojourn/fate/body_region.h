#pragma once
#include <string>

#include "sojourn/fate/body_model.h"

namespace sojourn::fate {

/// What an organ holds at one moment, in the units of the state.
struct RegionLabel {
  double cells = 0;     ///< living
  double live = 0;      ///< label in living cells
  double debris = 0;    ///< label in phagocytes and debris
  double free = 0;      ///< free label
  bool shared = false;  ///< the organ has no place of its own: these are the amounts of all other
                        ///< tissue, of which it is a part
};

/// Of an organ as an image shows it: bone and marrow are one, blood has plasma's free label, an
/// organ that the model does not part from other tissue stands for `rest`.
[[nodiscard]] RegionLabel region_label(const BodyModel& model, const BodyState& state,
                                       const std::string& organ);

}  // namespace sojourn::fate
