#pragma once
#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace sojourn::cli {

/// Adds `simulate material`. What it points to is empty until the parser has met these words.
[[nodiscard]] std::shared_ptr<std::function<int()>> declare_simulate_material(CLI::App& simulate);

}  // namespace sojourn::cli
