#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sojourn::cli {

/// A command declares itself once: name, one line, an example, options and what it does. Help,
/// manual and parsing come from that.
struct Command {
  std::string name, synopsis;
  std::string example;  ///< a line to type, shown in --help
  /// Adds options to the parser and returns what runs after parsing; its value is the exit status.
  std::function<std::function<int()>(CLI::App&)> declare;
};

[[nodiscard]] Command track_command();
[[nodiscard]] Command example_command();
[[nodiscard]] Command catalogue_command();
[[nodiscard]] Command plan_command();
[[nodiscard]] Command fate_command();
[[nodiscard]] Command calibrate_command();
[[nodiscard]] Command kinetics_command();
[[nodiscard]] Command reconstruct_command();
[[nodiscard]] Command simulate_command();
[[nodiscard]] Command trial_command();
[[nodiscard]] Command dose_command();
[[nodiscard]] Command subject_command();

/// All commands, in the order of the manual.
[[nodiscard]] std::vector<Command> commands();

}  // namespace sojourn::cli
