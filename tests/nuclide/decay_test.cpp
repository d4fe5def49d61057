#include "sojourn/nuclide/decay.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace sojourn::nuclide;

constexpr double kHour = 3600, kF18 = 6586.2, kZr89 = 282276;
constexpr double kRounding = 1e-12;

TEST(Decay, HalvesInOneHalfLifeAndGrowsBackwards) {
  EXPECT_NEAR(decay_factor(kF18, kF18), 0.5, kRounding);
  EXPECT_NEAR(decay_factor(-2 * kF18, kF18), 4, kRounding);
  EXPECT_EQ(decay_factor(0, kF18), 1);
}

TEST(Decay, FrameStartOverMeanFollowsDicomsFormula) {
  // DICOM PS3.3 C.8.9.4.1.1 and Cherry, Sorenson & Phelps: mean over a frame of one half-life is 1
  // / (2 ln 2) of its start
  EXPECT_NEAR(frame_start_over_mean(kF18, kF18), 2 * std::numbers::ln2, kRounding);
  EXPECT_EQ(frame_start_over_mean(0, kF18), 1);
  // short frames: 1 + x/2 + x^2/12, without loss of digits
  const double x = std::numbers::ln2 * 1.0 / kZr89;
  EXPECT_NEAR(frame_start_over_mean(1.0, kZr89) - 1, x / 2 + x * x / 12, 1e-15);
}

RC_GTEST_PROP(Decay, MeanToReferenceUndoesTheIntegralOverTheFrame, ()) {
  const double half_life = *rc::gen::inRange(100, 1000000), duration = *rc::gen::inRange(1, 20000),
               start = *rc::gen::inRange(-100000, 100000), lambda = std::numbers::ln2 / half_life;
  RC_PRE(std::abs(start) < 20 * half_life && duration < 20 * half_life);
  // activity 1 at the reference; the frame starts `start` seconds after it; Simpson's rule for its
  // mean
  constexpr int n = 2000;
  double sum = 0;
  for (int i = 0; i <= n; ++i)
    sum += (i == 0 || i == n ? 1 : i % 2 ? 4 : 2) * std::exp(-lambda * (start + duration * i / n));
  const double mean = sum / (3 * n);
  // Simpson: (lambda duration / n)^4 / 180 is below 1e-9 for 14 half-lives
  RC_ASSERT(std::abs(mean * mean_to_reference(duration, -start, half_life) - 1) < 1e-9);
}

RC_GTEST_PROP(Decay, ActivityAtTheMeanTimeIsTheMean, ()) {
  const double half_life = *rc::gen::inRange(10, 100000), duration = *rc::gen::inRange(1, 100000);
  const double t = mean_activity_time_s(duration, half_life);
  RC_ASSERT(t >= 0 && t <= duration / 2 * (1 + kRounding));
  RC_ASSERT(std::abs(frame_start_over_mean(duration, half_life) * decay_factor(t, half_life) - 1) <
            1e-9);
}

TEST(Decay, MeanTimeOfAShortFrameIsItsMiddle) {
  EXPECT_NEAR(mean_activity_time_s(60, kZr89), 30, 1e-3);  // x/24 of the frame off the middle
  EXPECT_NEAR(mean_activity_time_s(2 * kHour, kF18),
              3600 - std::numbers::ln2 * 7200 * 7200 / kF18 / 24, 2);
}

}  // namespace
