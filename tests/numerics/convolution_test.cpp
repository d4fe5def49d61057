#include "sojourn/numerics/convolution.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sojourn/core/random.h"

namespace {

using sojourn::numerics::Convolution3;
using sojourn::numerics::fast_length;

/// The sum itself.
std::vector<float> plain(const std::array<int, 3>& n, const std::array<int, 3>& r,
                         const std::vector<float>& field, const std::vector<float>& kernel) {
  std::vector<float> out(field.size(), 0);
  for (int z = 0; z < n[2]; ++z)
    for (int y = 0; y < n[1]; ++y)
      for (int x = 0; x < n[0]; ++x)
        for (int c = -r[2]; c <= r[2]; ++c)
          for (int b = -r[1]; b <= r[1]; ++b)
            for (int a = -r[0]; a <= r[0]; ++a) {
              const int i = x - a, j = y - b, k = z - c;
              if (i < 0 || j < 0 || k < 0 || i >= n[0] || j >= n[1] || k >= n[2]) continue;
              out[static_cast<std::size_t>((z * n[1] + y) * n[0] + x)] +=
                  field[static_cast<std::size_t>((k * n[1] + j) * n[0] + i)] *
                  kernel[static_cast<std::size_t>(
                      ((c + r[2]) * (2 * r[1] + 1) + b + r[1]) * (2 * r[0] + 1) + a + r[0])];
            }
  return out;
}

RC_GTEST_PROP(Convolution3, IsTheSumOfShiftedFields, ()) {
  std::array<int, 3> n{}, r{};
  std::size_t samples = 1, taps = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    n[a] = *rc::gen::inRange(1, 8);
    r[a] = *rc::gen::inRange(0, 5);
    samples *= static_cast<std::size_t>(n[a]);
    taps *= static_cast<std::size_t>(2 * r[a] + 1);
  }
  sojourn::core::Random random(9);
  std::vector<float> field(samples), kernel(taps);
  for (float& v : field) v = static_cast<float>(random.uniform());
  for (float& v : kernel) v = static_cast<float>(random.uniform());
  const auto fast = Convolution3(n, r, field).with(kernel);
  const auto slow = plain(n, r, field, kernel);
  for (std::size_t i = 0; i < samples; ++i)
    RC_ASSERT(std::abs(fast[i] - slow[i]) < 1e-4F * (1 + std::abs(slow[i])));
}

TEST(Convolution3, LengthsHaveSmallFactors) {
  EXPECT_EQ(fast_length(1), 1);
  EXPECT_EQ(fast_length(11), 12);
  EXPECT_EQ(fast_length(288), 288);
  EXPECT_EQ(fast_length(289), 294);
}

}  // namespace
