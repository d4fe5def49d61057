#pragma once
#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace sojourn::cli {

/// Adds `simulate material`. What it points to is empty until the parser has met these words.
[[nodiscard]] std::shared_ptr<std::function<int()>> declare_simulate_material(CLI::App& simulate);
/// Adds `simulate nema`, in the same way.
[[nodiscard]] std::shared_ptr<std::function<int()>> declare_simulate_nema(CLI::App& simulate);

/// Adds `simulate STUDY`: what runs where no subcommand was named.
[[nodiscard]] std::function<int()> declare_simulate_study(CLI::App& simulate);

}  // namespace sojourn::cli
