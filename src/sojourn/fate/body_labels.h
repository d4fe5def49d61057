#pragma once
#include "sojourn/fate/body_defaults.h"

namespace sojourn::fate {

/// Takes the label's rates and the sinks of its free form from the method's row into the body, and
/// cites them.
/// @return whether the cells carry a label when they are given; without one the sinks stay empty.
bool take_label(const catalogue::Method& method, const catalogue::Cell& cell,
                const std::string& species, const BodyTables& tables, Body& body);

}  // namespace sojourn::fate
