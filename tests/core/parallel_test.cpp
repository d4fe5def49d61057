#include "sojourn/core/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "sojourn/core/error.h"

namespace sojourn::core {
namespace {

TEST(Parallel, EveryIndexOnce) {
  std::vector<std::atomic<int>> visits(10007);
  parallel_for(visits.size(), [&](std::size_t i) { ++visits[i]; });
  for (const auto& v : visits) EXPECT_EQ(v, 1);
}

TEST(Parallel, BlocksCoverTheRangeOnce) {
  for (const std::size_t grain :
       {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{100000}}) {
    std::vector<std::atomic<int>> visits(1234);
    parallel_blocks(visits.size(), grain, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    for (const auto& v : visits) EXPECT_EQ(v, 1);
  }
}

TEST(Parallel, NothingToDoCallsNothing) {
  parallel_for(0, [](std::size_t) { FAIL(); });
  parallel_blocks(0, 10, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(Parallel, ExceptionsReachTheCaller) {
  EXPECT_THROW(parallel_for(100,
                            [](std::size_t i) {
                              if (i == 50) refuse("stop");
                            }),
               Error);
}

TEST(Parallel, OneThreadRunsInOrderOfNoOther) {
  const ThreadLimit limit(1);
  std::size_t sum = 0;  // no race with one thread
  parallel_for(1000, [&](std::size_t i) { sum += i; });
  EXPECT_EQ(sum, 499500U);
}

}  // namespace
}  // namespace sojourn::core
