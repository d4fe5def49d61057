#pragma once
#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace sojourn::cli {

/// Adds `plan limit`. What it points to is empty until the parser has met the words "plan limit".
[[nodiscard]] std::shared_ptr<std::function<int()>> declare_plan_limit(CLI::App& plan);

}  // namespace sojourn::cli
