#pragma once
#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sojourn {

/// What kind of trouble; the program's exit status follows from it.
enum class ErrorCode {
  bad_input,       ///< the request or an input file is wrong: exit status 2
  bad_value,       ///< an argument of a function is outside its range: exit status 2
  shape_mismatch,  ///< sizes do not fit together: exit status 2
  io_failed,       ///< the system refused (disk full, no permission): exit status 1
  internal         ///< a bug of ours: exit status 1
};

/// The one exception of the house. The message follows the grammar "problem (why) what to do" and
/// names file, field and value; callers add context frames as it climbs; only the program's edge
/// prints.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::string message);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  /// 2 where the request was wrong, 1 where the work failed.
  [[nodiscard]] int exit_status() const noexcept;
  /// Outermost frame first, then the message, joined by ": ".
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
  /// Adds a frame ("scan 2 (pet/d1)") around what was said so far.
  Error& within(const std::string& frame);

 private:
  ErrorCode code_;
  std::string text_;
};

/// Throws Error(bad_input) with a formatted message.
template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorCode::bad_input, fmt::format(format, std::forward<Args>(args)...));
}

namespace detail {
[[noreturn]] void contract_failed(const char* kind, const char* what, const char* file, int line);
}

}  // namespace sojourn

/// Checks of our own bugs (always on: they cost little beside the work they guard).
#define SOJOURN_EXPECT(condition) \
  ((condition) ? void(0)          \
               : ::sojourn::detail::contract_failed("expected", #condition, __FILE__, __LINE__))
#define SOJOURN_ENSURE(condition) \
  ((condition) ? void(0)          \
               : ::sojourn::detail::contract_failed("ensured", #condition, __FILE__, __LINE__))
