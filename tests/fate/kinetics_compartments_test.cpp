#include "sojourn/fate/kinetics_compartments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "fate/kinetics_truth.h"
#include "sojourn/core/error.h"
#include "sojourn/core/random.h"
#include "sojourn/fate/kinetics_weights.h"
#include "sojourn/numerics/linear_system.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;
using sojourn::numerics::FitStatus;

// Rates per minute of brain tracers, brought to seconds.
constexpr double kMinute = 60;
const TissueRates kReversible{0.12 / kMinute, 0.11 / kMinute, 0.06 / kMinute, 0.04 / kMinute, 0.05};
const TissueRates kTrapped{0.10 / kMinute, 0.13 / kMinute, 0.06 / kMinute, 0, 0.04};
const TissueRates kSimple{0.35 / kMinute, 0.09 / kMinute, 0, 0, 0.03};

TEST(TissueResponse, IsThatOfTheMatrixExponential) {
  for (const auto& r : {kReversible, kTrapped, kSimple, TissueRates{1e-3, 2e-3, 1e-9, 2e-3, 0}}) {
    const auto terms = response(r);
    const std::vector<double> a{-(r.k2_per_s + r.k3_per_s), r.k4_per_s, r.k3_per_s, -r.k4_per_s};
    for (const double t : {0.0, 60.0, 1800.0, 6000.0}) {
      const auto c = sojourn::numerics::propagate(a, std::vector{r.k1_per_s, 0.0}, t);
      double sum = 0;
      for (int k = 0; k < 2; ++k) sum += terms.amplitude[k] * std::exp(-terms.rate_per_s[k] * t);
      EXPECT_NEAR(sum / (c[0] + c[1]), 1, 1e-10) << t;  // rounding of the matrix exponential
    }
  }
}

TEST(TissueMeans, AgreeWithRungeAndKutta) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  const InputInFrames seen(input, frames);
  for (const auto& r : {kReversible, kTrapped, kSimple}) {
    const auto exact = tissue_means(r, seen);
    const auto integrated = sojourn::test::integrated_tissue(r, input, frames);
    for (std::size_t f = 0; f < frames.size(); ++f)
      EXPECT_NEAR(exact[f] / integrated[f], 1, 1e-9) << f;  // RK4 with k h < 0.002: (k h)⁴
  }
}

TEST(TissueMeans, WithoutTissueIsBlood) {
  const auto frames = sojourn::test::brain_frames();
  const InputInFrames seen(sojourn::test::feng_input(frames.back().end_s()), frames);
  const auto means = tissue_means({0, 1e-3, 0, 0, 0.25}, seen);
  for (std::size_t f = 0; f < frames.size(); ++f)
    EXPECT_DOUBLE_EQ(means[f], 0.25 * seen.blood.mean()[f]);
  EXPECT_THROW((void)tissue_means({-1, 0, 0, 0, 0}, seen), Error);
  EXPECT_THROW((void)tissue_means({1, 1, 0, 0, 1.5}, seen), Error);
}

void expect_rates(const TissueFit& fit, const TissueRates& truth, double relative) {
  ASSERT_EQ(fit.status, FitStatus::converged) << fit.message;
  EXPECT_NEAR(fit.rates.k1_per_s / truth.k1_per_s, 1, relative);
  EXPECT_NEAR(fit.rates.k2_per_s / truth.k2_per_s, 1, relative);
  if (truth.k3_per_s > 0) EXPECT_NEAR(fit.rates.k3_per_s / truth.k3_per_s, 1, relative);
  if (truth.k4_per_s > 0) EXPECT_NEAR(fit.rates.k4_per_s / truth.k4_per_s, 1, relative);
  EXPECT_NEAR(fit.rates.blood_fraction / truth.blood_fraction, 1, relative);
}

TEST(TissueFit, RecoversTheTruthWithoutNoise) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  const std::pair<TissueModel, TissueRates> cases[] = {
      {TissueModel::one_tissue, kSimple},
      {TissueModel::two_tissue_irreversible, kTrapped},
      {TissueModel::two_tissue_reversible, kReversible}};
  for (const auto& [model, truth] : cases) {
    // data from the independent path, so that the model is not compared with itself
    const auto data = sojourn::test::integrated_tissue(truth, input, frames);
    const auto fit = fit_tissue(model, frames, data, input);
    expect_rates(fit, truth, 1e-6);
    EXPECT_FALSE(fit.at_limit);
    if (model == TissueModel::two_tissue_irreversible)
      EXPECT_NEAR(fit.net_influx_per_s->value / net_influx_per_s(truth), 1, 1e-6);
    else
      EXPECT_NEAR(fit.volume_of_distribution->value / volume_of_distribution(model, truth), 1,
                  1e-6);
  }
  // 0.12/0.11 (1 + 0.06/0.04)
  EXPECT_NEAR(volume_of_distribution(TissueModel::two_tissue_reversible, kReversible), 2.727273,
              1e-6);
  EXPECT_NEAR(net_influx_per_s(kTrapped) * 60, 0.10 * 0.06 / 0.19, 1e-12);
}

TEST(TissueFit, FindsTheDelay) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s() + 60);
  const double delay = 7.3;
  const Input late{shifted(input.plasma, delay), shifted(input.blood, delay)};
  const auto data = sojourn::test::integrated_tissue(kReversible, late, frames);
  TissueFitOptions options;
  options.delay_s = Limits{-10, 30};
  const auto fit = fit_tissue(TissueModel::two_tissue_reversible, frames, data, input, {}, options);
  EXPECT_NEAR(fit.delay_s.value, delay, 1e-4);
  expect_rates(fit, kReversible, 1e-5);  // a kink per knot: less smooth in the delay
}

TEST(TissueFit, ShowsNoBiasAndHonestErrorsUnderNoise) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  const auto data = sojourn::test::integrated_tissue(kReversible, input, frames);
  // variance as counts have it, 1 % at the highest frame: the weights are those of the noise
  const auto weights = counting_weights(frames, data, 1223.1);
  constexpr int kRepeats = 200;
  const double truth = volume_of_distribution(TissueModel::two_tissue_reversible, kReversible);
  double sum = 0, squares = 0, k1_sum = 0, k1_squares = 0, inside = 0, error = 0;
  for (int n = 0; n < kRepeats; ++n) {
    sojourn::core::Random random(29, static_cast<std::uint64_t>(n));
    auto noisy = data;
    for (std::size_t f = 0; f < noisy.size(); ++f)
      noisy[f] += 0.005 * data[20] / std::sqrt(weights[f]) * random.normal();
    const auto fit = fit_tissue(TissueModel::two_tissue_reversible, frames, noisy, input, weights);
    const auto& vt = *fit.volume_of_distribution;
    sum += vt.value - truth;
    squares += (vt.value - truth) * (vt.value - truth);
    k1_sum += fit.rates.k1_per_s / kReversible.k1_per_s - 1;
    k1_squares += std::pow(fit.rates.k1_per_s / kReversible.k1_per_s - 1, 2);
    inside += std::abs(vt.value - truth) < 1.96 * vt.standard_error;
    error += vt.standard_error / kRepeats;
  }
  const double spread = std::sqrt(squares / kRepeats);
  EXPECT_LT(std::abs(sum) / kRepeats / (spread / std::sqrt(kRepeats)), 4);
  EXPECT_LT(std::abs(k1_sum) / kRepeats / (std::sqrt(k1_squares) / kRepeats), 4);
  EXPECT_LT(spread / truth, 0.1);  // else the test above says little
  // 95 % of 200, standard deviation of the share 1.5 %: four of these
  EXPECT_NEAR(inside / kRepeats, 0.95, 0.062);
  EXPECT_NEAR(error / spread, 1, 0.2);  // a spread from 200 draws is known to 5 %: four of these
}

TEST(TissueFit, GivesTheNetInfluxItsSpread) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  const auto data = sojourn::test::integrated_tissue(kTrapped, input, frames);
  constexpr int kRepeats = 200;
  double squares = 0, error = 0;
  for (int n = 0; n < kRepeats; ++n) {
    sojourn::core::Random random(37, static_cast<std::uint64_t>(n));
    auto noisy = data;
    for (double& v : noisy) v += 0.005 * data[20] * random.normal();
    const auto fit = fit_tissue(TissueModel::two_tissue_irreversible, frames, noisy, input);
    EXPECT_FALSE(fit.volume_of_distribution);
    squares += std::pow(fit.net_influx_per_s->value - net_influx_per_s(kTrapped), 2);
    error += fit.net_influx_per_s->standard_error / kRepeats;
  }
  EXPECT_NEAR(error / std::sqrt(squares / kRepeats), 1, 0.2);  // as above
}

TEST(TissueFit, PrefersTheModelThatMadeTheData) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  auto data = sojourn::test::integrated_tissue(kReversible, input, frames);
  sojourn::core::Random random(5, 0);
  for (double& v : data) v *= 1 + 0.01 * random.normal();
  const auto one = fit_tissue(TissueModel::one_tissue, frames, data, input);
  const auto two = fit_tissue(TissueModel::two_tissue_reversible, frames, data, input);
  EXPECT_LT(two.akaike, one.akaike - 10);
  EXPECT_LT(check_residuals(data, one.fitted).runs_z, -2);  // one tissue misses a trend
}

TEST(TissueFit, KeepsWhatIsFixedAndIgnoresFramesWithoutWeight) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  auto data = sojourn::test::integrated_tissue(kSimple, input, frames);
  std::vector<double> weights(frames.size(), 1.0);
  data[12] = 1e6;
  weights[12] = 0;
  TissueFitOptions options;
  options.fixed_blood_fraction = kSimple.blood_fraction;
  const auto fit = fit_tissue(TissueModel::one_tissue, frames, data, input, weights, options);
  expect_rates(fit, kSimple, 1e-6);
  EXPECT_EQ(fit.blood_fraction.standard_error, 0);
  EXPECT_EQ(fit.degrees_of_freedom, static_cast<int>(frames.size()) - 1 - 2);
}

TEST(TissueFit, RefusesWhatDoesNotFit) {
  const auto frames = sojourn::test::brain_frames();
  const auto input = sojourn::test::feng_input(frames.back().end_s());
  const std::vector<double> data(frames.size(), 1.0);
  EXPECT_THROW((void)fit_tissue(TissueModel::one_tissue, frames, {1, 2}, input), Error);
  EXPECT_THROW(
      (void)fit_tissue(TissueModel::one_tissue, frames, data, sojourn::test::feng_input(1000)),
      Error);
  EXPECT_THROW((void)fit_tissue(TissueModel::one_tissue, frames, data, input,
                                std::vector<double>(frames.size(), -1)),
               Error);
  EXPECT_THROW(
      (void)fit_tissue(TissueModel::two_tissue_reversible, {{0, 10}, {10, 10}}, {1, 2}, input),
      Error);
}

}  // namespace
