#include "sojourn/core/error.h"

namespace sojourn {

Error::Error(ErrorCode code, std::string message)
    : std::runtime_error(message), code_(code), text_(std::move(message)) {}

int Error::exit_status() const noexcept {
  return code_ == ErrorCode::io_failed || code_ == ErrorCode::internal ? 1 : 2;
}

Error& Error::within(const std::string& frame) {
  text_ = frame + ": " + text_;
  return *this;
}

void detail::contract_failed(const char* kind, const char* what, const char* file, int line) {
  throw Error(ErrorCode::internal,
              fmt::format("{} {} ({}:{}); this is a bug of sojourn, please report it", kind, what,
                          file, line));
}

}  // namespace sojourn
