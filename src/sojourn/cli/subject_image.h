#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace sojourn::cli {

/// Options and work of `sojourn subject image`.
[[nodiscard]] std::function<int()> declare_subject_image(CLI::App& app);

}  // namespace sojourn::cli
