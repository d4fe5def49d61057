#pragma once
#include <span>

#include "sojourn/fate/belief.h"
#include "sojourn/fate/shared_body.h"

namespace sojourn::fate {

/// Sets the rates, routes and debris shares of `shared`, which comes from `body`, to those of the
/// belief at standard normal scores. Labels other than ex vivo ones have no routes to choose from:
/// division, death, efflux and what phagocytes keep alone are set.
/// @param scores shape [kBeliefs].
void apply_belief(const Belief& belief, std::span<const double> scores, const Body& body,
                  SharedBody& shared);

}  // namespace sojourn::fate
