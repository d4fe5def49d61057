#pragma once
#include <span>
#include <string>
#include <vector>

#include "sojourn/fate/belief.h"
#include "sojourn/fate/body_defaults.h"

/// A belief of rates and routes as the parameters of a body.
namespace sojourn::fate {

/// Names with units of a belief's scores, division and death first.
[[nodiscard]] const std::vector<std::string>& belief_names();

/// The value of one of them alone at a standard normal score.
[[nodiscard]] double belief_value(const Belief& belief, std::size_t index, double z);

/// Puts the rates and routes of a belief at these scores into the body: its sites divide and die
/// alike. Without a label in the cells only division and death matter.
void apply_belief(const Belief& belief, std::span<const double> scores, Body& body);

/// Division and death alone, for methods without a label in the cells; the study's rates where it
/// states them.
[[nodiscard]] Belief belief_of_cells(const records::RateChoice& rates, const catalogue::Cell& cell);

}  // namespace sojourn::fate
