#include "sojourn/core/parallel.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
/// What TBB copies into its tasks (our closures) is read before the order is told.
#define SOJOURN_IN_TASK __attribute__((no_sanitize_thread))
#else
#define SOJOURN_IN_TASK
#endif

namespace sojourn::core {
namespace {

/// Tells ThreadSanitizer what TBB guarantees but its library, built without it, does not show: what
/// came before the loop is seen by every body, and what the bodies did is seen after the loop. Two
/// bodies stay unordered, so that a race between them is still found.
class LoopOrder {
 public:
#ifdef __SANITIZE_THREAD__
  LoopOrder() { __tsan_release(&before_); }
  ~LoopOrder() { __tsan_acquire(&after_); }
  void enter() { __tsan_acquire(&before_); }
  void leave() { __tsan_release(&after_); }
#else
  LoopOrder() = default;
  ~LoopOrder() = default;
  void enter() {}
  void leave() {}
#endif
  LoopOrder(const LoopOrder&) = delete;
  LoopOrder& operator=(const LoopOrder&) = delete;

  /// One body: from enter() to leave(), also where it throws.
  class Body {
   public:
    explicit Body(LoopOrder& loop) : loop_(loop) { loop_.enter(); }
    ~Body() { loop_.leave(); }
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

   private:
    LoopOrder& loop_;
  };

 private:
#ifdef __SANITIZE_THREAD__
  char before_ = 0, after_ = 0;
#endif
};

}  // namespace

void parallel_for(std::size_t n, const std::function<void(std::size_t)>& body) {
  LoopOrder order;
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) SOJOURN_IN_TASK {
    const LoopOrder::Body here(order);
    body(i);
  });
}

void parallel_blocks(std::size_t n, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
  LoopOrder order;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n, std::max<std::size_t>(grain, 1)),
                    [&](const auto& range) SOJOURN_IN_TASK {
                      const LoopOrder::Body here(order);
                      body(range.begin(), range.end());
                    });
}

ThreadLimit::ThreadLimit(std::size_t threads) {
  if (threads > 0) {
    control_ = new tbb::global_control(tbb::global_control::max_allowed_parallelism, threads);
  }
}

ThreadLimit::~ThreadLimit() { delete static_cast<tbb::global_control*>(control_); }

}  // namespace sojourn::core
