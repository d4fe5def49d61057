#pragma once
#include <cstddef>
#include <functional>

namespace sojourn::core {

/// Calls body(i) for i in [0, n) on the machine's cores (oneTBB); the first exception is rethrown.
/// Bodies write to places of their own: results must not depend on the number of threads.
void parallel_for(std::size_t n, const std::function<void(std::size_t)>& body);

/// The same in blocks [begin, end) of about `grain`, for cheap bodies.
void parallel_blocks(std::size_t n, std::size_t grain,
                     const std::function<void(std::size_t begin, std::size_t end)>& body);

/// Limits the threads of every loop that runs while it lives (0: no limit).
class ThreadLimit {
 public:
  explicit ThreadLimit(std::size_t threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  void* control_ = nullptr;
};

}  // namespace sojourn::core
