#include "sojourn/fate/kinetics_curve.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "fate/kinetics_truth.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/kinetics_convolution.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;

TEST(KineticsCurve, IsLinearBetweenKnotsAndNothingBefore) {
  const Curve c{{10, 20, 40}, {2, 6, 0}};
  EXPECT_EQ(value_at(c, 5), 0);
  EXPECT_DOUBLE_EQ(value_at(c, 10), 2);
  EXPECT_DOUBLE_EQ(value_at(c, 15), 4);
  EXPECT_DOUBLE_EQ(value_at(c, 40), 0);
  EXPECT_DOUBLE_EQ(integral_to(c, 20), 40);
  EXPECT_DOUBLE_EQ(integral_to(c, 30), 40 + 45);
  EXPECT_DOUBLE_EQ(integral_to(c, 40), 100);
  EXPECT_DOUBLE_EQ(integral_to(shifted(c, 7), 27), 40);
  EXPECT_THROW((void)value_at(c, 41), Error);
}

TEST(KineticsCurve, ProductFollowsTheParabola) {
  const Curve a{{0, 100}, {0, 10}}, b{{0, 50, 100}, {1, 0.5, 0.4}};
  const auto p = product(a, b, 5);
  for (double t = 0.3; t < 100; t += 1.7)
    // |slope a · slope b| step²/4 = 0.1 · 0.01 · 25/4
    EXPECT_NEAR(value_at(p, t), value_at(a, t) * value_at(b, t), 0.1 * 0.01 * 25 / 4 + 1e-12);
  EXPECT_EQ(p.time_s.back(), 100);
  EXPECT_THROW((void)product(a, Curve{{200, 300}, {1, 1}}), Error);
}

TEST(KineticsCurve, ExtendsByTheExponentialOfItsEnd) {
  Curve c;
  for (const double t : {0.0, 1000.0, 2000.0, 3000.0}) {
    c.time_s.push_back(t);
    c.value.push_back(50 * std::exp(-1e-3 * t));
  }
  const auto longer = extended(c, 4000);
  EXPECT_EQ(longer.time_s.back(), 4000);
  EXPECT_NEAR(longer.value.back() / (50 * std::exp(-4.0)), 1, 1e-12);
  // knots 5 % apart: a line departs from the exponential by 0.05²/8
  EXPECT_NEAR(value_at(longer, 3523) / (50 * std::exp(-3.523)), 1, 4e-4);
  EXPECT_EQ(extended(c, 2500).time_s.size(), 4u);
  c.value.back() = 0;
  EXPECT_THROW((void)extended(c, 4000), Error);
}

RC_GTEST_PROP(KineticsCurve, OfMeansKeepsEachMean, ()) {
  std::vector<FrameTime> frames;
  std::vector<double> mean;
  double start = *rc::gen::inRange(0, 30);
  const int n = *rc::gen::inRange(1, 12);
  for (int i = 0; i < n; ++i) {
    frames.push_back({start, *rc::gen::inRange(1, 600) / 1.0});
    start = frames.back().end_s() + (*rc::gen::inRange(0, 3) == 0 ? 20 : 0);
    mean.push_back(*rc::gen::inRange(-5, 100));
  }
  const auto back = CurveInFrames(curve_of_means(frames, mean), frames).mean();
  for (std::size_t f = 0; f < mean.size(); ++f) RC_ASSERT(std::abs(back[f] - mean[f]) < 1e-9);
}

TEST(KineticsCurve, OfMeansRefusesScansThatBeginLate) {
  const std::vector<FrameTime> late{{3600, 300}, {3900, 300}};
  EXPECT_THROW((void)curve_of_means(late, std::vector{5.0, 4.0}), Error);
  EXPECT_THROW((void)curve_of_means({{0, 10}}, std::vector{5.0, 4.0}), Error);
}

TEST(KineticsCurve, ChecksNameTheSample) {
  EXPECT_THROW(check(Curve{{0, 1}, {1}}, "x"), Error);
  EXPECT_THROW(check(Curve{{0, 0}, {1, 1}}, "x"), Error);
  EXPECT_THROW(check(Curve{{0, 1}, {1, std::nan("")}}, "x"), Error);
  EXPECT_THROW(check(std::vector<FrameTime>{}), Error);
  EXPECT_THROW(check(std::vector<FrameTime>{{0, 0}}), Error);
  EXPECT_THROW(check(std::vector<FrameTime>{{0, 10}, {5, 10}}), Error);
}

TEST(KineticsConvolution, PartsAgreeWithTheirIntegralsOnBothSidesOfTheSwitch) {
  for (const double x : {0.0, 1e-9, 1e-3, 0.3, 0.999999, 1.000001, 5.0, 40.0, 700.0}) {
    const auto parts = exponential_parts(x);
    for (int k = 1; k <= 3; ++k) {
      // E_k(x) = ∫_0^1 e^{−x(1−u)} u^{k−1}/(k−1)! du, by Simpson's rule
      constexpr int kIntervals = 20000;
      long double sum = 0;
      for (int i = 0; i <= kIntervals; ++i) {
        const long double u = static_cast<long double>(i) / kIntervals;
        const long double f =
            std::exp(-static_cast<long double>(x) * (1 - u)) * (k == 1   ? 1
                                                                : k == 2 ? u
                                                                         : u * u / 2);
        sum += f * (i == 0 || i == kIntervals ? 1 : i % 2 == 1 ? 4 : 2);
      }
      sum /= 3 * kIntervals;
      // Simpson: (x/20000)⁴/180 of the integrand's scale, 1e-8 for x = 700, else far less
      const double tolerance = x > 100 ? 1e-7 : 1e-12;
      EXPECT_NEAR(parts.e[static_cast<std::size_t>(k - 1)] / static_cast<double>(sum), 1, tolerance)
          << x << " " << k;
    }
    EXPECT_DOUBLE_EQ(parts.decay, std::exp(-x));
  }
}

TEST(KineticsConvolution, OfARampIsTheFormula) {
  // c = t: S = t/a − (1 − e^{−at})/a², whose mean over [t0, t1] is elementary
  const Curve ramp{{0, 1000}, {0, 1000}};
  const std::vector<FrameTime> frames{{0, 30}, {30, 70}, {250, 500}};
  const CurveInFrames seen(ramp, frames);
  for (const double a : {1e-5, 1e-3, 0.05, 3.0}) {
    const auto s = [a](double t) {
      return t * t / (2 * a) - t / (a * a) - std::expm1(-a * t) / (a * a * a);
    };
    const auto means = seen.convolved(a);
    for (std::size_t f = 0; f < frames.size(); ++f) {
      const double expected = (s(frames[f].end_s()) - s(frames[f].start_s)) / frames[f].duration_s;
      // the formula itself cancels: 1/a³ ulp over t³/6
      const double tolerance = 1e-11 + 1e-15 * 6 / std::pow(a * frames[f].mid_s(), 3);
      EXPECT_NEAR(means[f] / expected, 1, tolerance) << a << " " << f;
    }
  }
  const auto integral = seen.convolved(0);  // mean of t²/2
  EXPECT_NEAR(integral[1], (std::pow(100, 3) - std::pow(30, 3)) / 6 / 70, 1e-9);
  EXPECT_THROW((void)seen.convolved(-1), Error);
  EXPECT_THROW((void)CurveInFrames(ramp, {{900, 200}}), Error);
}

RC_GTEST_PROP(KineticsConvolution, DoesNotDependOnExtraKnots, ()) {
  Curve coarse{{0, 40, 100, 300}, {}};
  for (int i = 0; i < 4; ++i) coarse.value.push_back(*rc::gen::inRange(0, 50));
  Curve fine;
  for (int t = 0; t <= 300; t += 5) {
    fine.time_s.push_back(t);
    fine.value.push_back(value_at(coarse, t));
  }
  const std::vector<FrameTime> frames{{0, 17}, {17, 43}, {60, 240}};
  const double rate = std::exp(*rc::gen::inRange(-120, 20) / 10.0);
  const auto a = CurveInFrames(coarse, frames).convolved(rate);
  const auto b = CurveInFrames(fine, frames).convolved(rate);
  for (std::size_t f = 0; f < a.size(); ++f)
    RC_ASSERT(std::abs(a[f] - b[f]) <= 1e-11 * (1e-3 + b[f]));
}

}  // namespace
