#pragma once
#include <string>

#include "sojourn/core/error.h"

namespace sojourn::test {

/// What `work` refuses with; "" where it does not. Anything but Error passes through and fails the
/// test.
template <typename Work>
std::string message_of(Work&& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace sojourn::test
