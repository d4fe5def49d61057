#include "sojourn/cli/progress_line.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace sojourn::cli {
namespace {

bool on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

void draw(const std::string& stage, double fraction) {
  constexpr int kWidth = 24;
  const auto full = std::lround(fraction * kWidth);
  std::string bar(static_cast<std::size_t>(full), '=');
  bar.resize(kWidth, ' ');
  fmt::print(stderr, "\r\033[K[{}] {}", bar, stage);
  std::fflush(stderr);
}

}  // namespace

core::Progress progress_line(bool quiet) {
  if (quiet) return [](const std::string&, double) {};
  if (on_terminal()) return draw;
  return [last = std::string()](const std::string& stage, double) mutable {
    if (stage == last) return;
    last = stage;
    fmt::print(stderr, "sojourn: {}\n", stage);
  };
}

void end_progress() {
  if (on_terminal()) fmt::print(stderr, "\r\033[K");
}

}  // namespace sojourn::cli
