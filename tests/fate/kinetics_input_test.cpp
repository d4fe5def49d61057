#include "sojourn/fate/kinetics_input.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fate/kinetics_truth.h"
#include "sojourn/core/error.h"
#include "sojourn/core/random.h"
#include "sojourn/fate/kinetics_convolution.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;

TEST(KineticsInput, ParentPlasmaStartsUnchangedAndKeepsItsLastFraction) {
  const Curve total{{0, 60, 600, 6000}, {0, 100, 40, 10}};
  const Curve fraction{{300, 1500}, {0.6, 0.2}};
  const auto parent = parent_plasma(total, fraction);
  EXPECT_NEAR(value_at(parent, 150), value_at(total, 150) * 0.8, 1e-12);
  EXPECT_NEAR(value_at(parent, 900), value_at(total, 900) * 0.4, 1e-12);
  EXPECT_NEAR(value_at(parent, 6000), 10 * 0.2, 1e-12);
  EXPECT_THROW((void)parent_plasma(total, Curve{{0, 10}, {100, 90}}), Error);  // percent
}

TEST(KineticsInput, TailFindsItsThreeExponentials) {
  Curve sampled;
  const auto truth = [](double t) {
    return 60 * std::exp(-0.02 * (t - 30)) + 30 * std::exp(-0.002 * (t - 30)) +
           10 * std::exp(-1e-4 * (t - 30));
  };
  for (const double t :
       {0.,   10.,  20.,  30.,  35.,  40.,   50.,   60.,   75.,   90.,   120.,  150.,
        200., 300., 400., 600., 900., 1200., 1800., 2400., 3000., 3600., 4800., 5400.}) {
    sampled.time_s.push_back(t);
    sampled.value.push_back(t < 30 ? 100 * t / 30 : truth(t));
  }
  const auto tail = fit_exponential_tail(sampled, 6000);
  ASSERT_EQ(tail.status, sojourn::numerics::FitStatus::converged);
  // noise-free: what the stopping rule leaves
  EXPECT_NEAR(tail.amplitude[0], 60, 1e-3);
  EXPECT_NEAR(tail.rate_per_s[0] / 0.02, 1, 1e-4);
  EXPECT_NEAR(tail.rate_per_s[1] / 0.002, 1, 1e-4);
  EXPECT_NEAR(tail.rate_per_s[2] / 1e-4, 1, 1e-4);
  EXPECT_EQ(tail.residual.size(), 21u);
  EXPECT_EQ(value_at(tail.curve, 15), 50);
  EXPECT_NEAR(value_at(tail.curve, 5700) / truth(5700), 1, 1e-4);
  EXPECT_THROW((void)fit_exponential_tail(Curve{{0, 1, 2}, {0, 5, 1}}, 10), Error);
}

TEST(KineticsInput, TailIsWeightedAsCounts) {
  Curve noisy;
  sojourn::core::Random random(9, 0);
  for (int i = 0; i < 40; ++i) {
    const double t = 10.0 * i, value = 1000 * std::exp(-0.03 * t) + 50 * std::exp(-1e-3 * t);
    noisy.time_s.push_back(t);
    noisy.value.push_back(i == 0 ? 1100 : value + std::sqrt(value) * random.normal());
  }
  const auto tail = fit_exponential_tail(noisy, 400, 2);
  ASSERT_EQ(tail.residual.size(), noisy.value.size());
  // at the minimum the weighted residuals are orthogonal to each exponential
  for (const double rate : tail.rate_per_s) {
    double product = 0, size = 0;
    for (std::size_t i = 0; i < tail.residual.size(); ++i) {
      const double weight = 1 / std::max(noisy.value[i], 11.0);
      const double term = weight * tail.residual[i] * std::exp(-rate * noisy.time_s[i]);
      product += term;
      size += std::abs(term);
    }
    EXPECT_NEAR(product / size, 0, 1e-4);  // what the stopping rule leaves
  }
}

TEST(KineticsInput, DispersionIsTheConvolutionAndComesOff) {
  const double tau = 8;
  const auto input = sojourn::test::feng_input(1200).plasma;
  // at the knots of a curve that is sampled every second: convolution by RK4 through one tissue
  // with K1 = k2 = 1/τ, as means of very short frames around the knots
  const auto smeared = dispersed(input, tau);
  for (const double t : {20.0, 40.0, 100.0, 600.0}) {
    const auto expected = sojourn::test::integrated_tissue(
        {1 / tau, 1 / tau, 0, 0, 0}, {input, input}, {{t - 1e-3, 2e-3}}, 0.05);
    EXPECT_NEAR(value_at(smeared, t) / expected[0], 1, 1e-6) << t;  // RK4, frame of 2 ms
  }
  // a smooth curve sampled every second: c = g + τ g' is exact up to the slope's h²/6 g'''
  Curve truth, measured;
  for (int i = 0; i <= 300; ++i) {
    const double t = i;
    truth.time_s.push_back(t);
    truth.value.push_back(t * std::exp(-t / 30));
    // t e^{−bt} ⊗ e^{−at} a = a (t e^{−bt}/(a−b) − (e^{−bt} − e^{−at})/(a−b)²)
    const double a = 1 / tau, b = 1.0 / 30, d = a - b;
    measured.time_s.push_back(t);
    measured.value.push_back(
        a * (t * std::exp(-b * t) / d - (std::exp(-b * t) - std::exp(-a * t)) / (d * d)));
  }
  const auto back = undispersed(measured, tau);
  for (std::size_t i = 5; i < 300; ++i)
    // the third derivative is largest at the start, a (a + 2 b) = 0.024 per s²: τ h²/6 of it
    EXPECT_NEAR(back.value[i], truth.value[i], 0.032) << i;
  EXPECT_THROW((void)undispersed(measured, -1), Error);
}

TEST(KineticsInput, ADispersionWindowCalmsNoise) {
  Curve flat;
  sojourn::core::Random random(3, 0);
  for (int i = 0; i < 400; ++i) {
    flat.time_s.push_back(i);
    flat.value.push_back(100 + random.normal());
  }
  const auto spread = [](const Curve& c) {
    double squares = 0;
    for (const double v : c.value) squares += (v - 100) * (v - 100);
    return std::sqrt(squares / static_cast<double>(c.value.size()));
  };
  // s sqrt(1 + τ²/(2h²)) with τ = 10: 7.14; 400 values know it to 4 %, correlated ones to 8 %
  EXPECT_NEAR(spread(undispersed(flat, 10)), 7.14, 4 * 0.08 * 7.14);
  EXPECT_LT(spread(undispersed(flat, 10, 5)), 2.5);
}

TEST(KineticsInput, ImageDerivedBloodTakesItsScaleFromSamples) {
  const auto frames = sojourn::test::brain_frames();
  const auto blood = sojourn::test::feng_input(frames.back().end_s()).blood;
  auto seen = CurveInFrames(blood, frames).mean();
  for (double& v : seen) v *= 0.6;  // partial volume
  std::vector<BloodSample> samples;
  for (const double t : {600.0, 1800.0, 3600.0, 4800.0}) samples.push_back({t, value_at(blood, t)});
  const auto derived = image_derived_blood(frames, seen, 0.75, samples);
  // 0.75/0.6; late frames of 6 min follow a curve that is nearly straight: 0.5 %
  EXPECT_NEAR(derived.scale.value, 1.25, 0.006);
  EXPECT_NEAR(value_at(derived.blood, 2400) / value_at(blood, 2400), 1, 0.01);
  EXPECT_LT(derived.scale.standard_error, 0.01);
  const auto whole = integral_to(derived.blood, 5000) / integral_to(blood, 5000);
  EXPECT_NEAR(whole, 1, 0.006);  // means are kept, so the integral has the scale's error alone
  EXPECT_EQ(image_derived_blood(frames, seen, 0.75).scale.value, 1);
  EXPECT_THROW((void)image_derived_blood(frames, seen, 0), Error);
  EXPECT_THROW((void)image_derived_blood(frames, seen, 0.75, {{9999, 5}}), Error);
  EXPECT_THROW((void)image_derived_blood(frames, seen, 0.75, {{600, 5, 0}}), Error);
}

}  // namespace
