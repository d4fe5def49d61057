#pragma once
#include <functional>
#include <string>

namespace sojourn::core {

/// How far a long piece of work is. Libraries call it; only the program's edge prints.
/// @param stage "scan 2 of 3: import"; @param fraction in [0, 1].
using Progress = std::function<void(const std::string& stage, double fraction)>;

}  // namespace sojourn::core
