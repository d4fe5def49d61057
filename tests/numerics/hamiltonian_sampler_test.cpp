#include "sojourn/numerics/hamiltonian_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/numerics/chain_diagnostics.h"
#include "sojourn/numerics/linear_system.h"
#include "sojourn/numerics/statistics.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;
using sojourn::core::ThreadLimit;

constexpr double kOutside = -std::numeric_limits<double>::infinity();

LaplaceGuess diagonal(std::vector<double> mean, double variance) {
  const std::size_t n = mean.size();
  LaplaceGuess guess{std::move(mean), std::vector<double>(n * n, 0.0)};
  for (std::size_t i = 0; i < n; ++i) guess.covariance[i * (n + 1)] = variance;
  return guess;
}

Chains chains_of(const std::vector<double>& values, std::size_t samples) {
  Chains chains;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % samples == 0) chains.emplace_back();
    chains.back().push_back(values[i]);
  }
  return chains;
}

/// How many Monte Carlo standard errors the mean of the values lies from the truth.
double z_of(const std::vector<double>& values, double truth, const SamplerOptions& options) {
  const double effective = effective_size(chains_of(values, options.samples));
  return (mean(values) - truth) / (standard_deviation(values) / std::sqrt(effective));
}

/// y_j = sum_k X_jk theta_k + noise of 0.5, theta ~ N(0, 1): the posterior is normal, its precision
/// X'X / 0.25 + 1.
struct LinearModel {
  static constexpr std::size_t kSize = 6, kData = 9;
  double x[kData][kSize] = {}, y[kData] = {};
  std::vector<double> mean, covariance;

  LinearModel() {
    std::vector<double> precision(kSize * kSize, 0.0), right(kSize, 0.0);
    for (std::size_t j = 0; j < kData; ++j) {
      y[j] = std::sin(2.0 + static_cast<double>(3 * j));
      for (std::size_t k = 0; k < kSize; ++k)
        x[j][k] = 0.5 + std::cos(static_cast<double>(j * (k + 1)));  // correlated through 0.5
    }
    for (std::size_t a = 0; a < kSize; ++a) {
      precision[a * (kSize + 1)] = 1;
      for (std::size_t j = 0; j < kData; ++j) {
        right[a] += x[j][a] * y[j] / 0.25;
        for (std::size_t b = 0; b < kSize; ++b)
          precision[a * kSize + b] += x[j][a] * x[j][b] / 0.25;
      }
    }
    covariance = inverse(precision, kSize);
    mean = solve(precision, right);
  }

  double operator()(std::span<const double> theta, std::span<double> gradient) const {
    double q = 0;
    for (std::size_t k = 0; k < kSize; ++k) {
      q += theta[k] * theta[k];
      gradient[k] = -theta[k];
    }
    for (std::size_t j = 0; j < kData; ++j) {
      double r = -y[j];
      for (std::size_t k = 0; k < kSize; ++k) r += x[j][k] * theta[k];
      q += r * r / 0.25;
      for (std::size_t k = 0; k < kSize; ++k) gradient[k] -= x[j][k] * r / 0.25;
    }
    return -0.5 * q;
  }
};

TEST(HamiltonianSampler, AgreesWithTheAnalyticPosteriorOfALinearModel) {
  const LinearModel model;
  // a guess that is wrong in place and in width
  LaplaceGuess guess = diagonal(model.mean, 0.05);
  for (auto& m : guess.mean) m += 0.3;
  SamplerOptions options;
  options.samples = 1000;
  const auto sample = sample_posterior(model, {{guess}}, options);
  ASSERT_TRUE(sample.converged) << sample.message;
  const std::size_t n = LinearModel::kSize;
  for (std::size_t a = 0; a < n; ++a) {
    // four Monte Carlo standard errors: one false alarm in 16,000 for each number
    EXPECT_LT(std::abs(z_of(sample.parameter(a), model.mean[a], options)), 4);
    for (std::size_t b = 0; b <= a; ++b) {
      std::vector<double> product = sample.parameter(a), other = sample.parameter(b);
      for (std::size_t i = 0; i < product.size(); ++i)
        product[i] = (product[i] - model.mean[a]) * (other[i] - model.mean[b]);
      EXPECT_LT(std::abs(z_of(product, model.covariance[a * n + b], options)), 4);
    }
  }
}

TEST(HamiltonianSampler, FollowsARidgeAndAHeavyTail) {
  // y | x ~ N(x^2, 0.5 squared), x ~ N(0, 1): E y = 1; z of Student's t with 5 degrees: E z^2 = 5/3
  const auto density = [](std::span<const double> t, std::span<double> g) {
    const double d = t[1] - t[0] * t[0];
    g[0] = -t[0] + 2 * t[0] * d / 0.25;
    g[1] = -d / 0.25;
    g[2] = -6 * t[2] / (5 + t[2] * t[2]);
    return -0.5 * t[0] * t[0] - 0.5 * d * d / 0.25 - 3 * std::log1p(t[2] * t[2] / 5);
  };
  SamplerOptions options;
  options.samples = 6000;
  options.warmup = 1000;
  options.acceptance = 0.9;
  const auto sample = sample_posterior(density, {{diagonal({0, 0, 0}, 1)}}, options);
  ASSERT_TRUE(sample.converged) << sample.message;
  EXPECT_LT(std::abs(z_of(sample.parameter(1), 1, options)), 4);
  std::vector<double> square = sample.parameter(2);
  for (auto& z : square) z *= z;
  EXPECT_LT(std::abs(z_of(square, 5.0 / 3, options)), 4);
}

TEST(HamiltonianSampler, DrawsDoNotDependOnThreads) {
  const LinearModel model;
  const auto run = [&](std::size_t threads) {
    const ThreadLimit limit(threads);
    return sample_posterior(model, {{diagonal(model.mean, 0.1)}});
  };
  EXPECT_EQ(run(1).draws, run(2).draws);
}

TEST(HamiltonianSampler, SaysThatChainsStayInTwoFarModes) {
  const auto density = [](std::span<const double> t, std::span<double> g) {
    const double a = -0.5 * (t[0] - 20) * (t[0] - 20), b = -0.5 * (t[0] + 20) * (t[0] + 20);
    g[0] = a > b ? 20 - t[0] : -20 - t[0];
    return std::max(a, b);
  };
  const auto sample = sample_posterior(density, {{diagonal({20}, 1), diagonal({-20}, 1)}});
  EXPECT_FALSE(sample.converged);
  EXPECT_NE(sample.message.find("disagree"), std::string::npos) << sample.message;
}

TEST(HamiltonianSampler, AnApproximateGradientCostsAcceptanceNotTruth) {
  const LinearModel model;
  const auto rough = [&](std::span<const double> t, std::span<double> g) {
    const double value = model(t, g);
    for (auto& x : g) x *= 0.9;
    return value;
  };
  SamplerOptions options;
  options.samples = 2000;
  const auto sample = sample_posterior(rough, {{diagonal(model.mean, 0.1)}}, options);
  ASSERT_TRUE(sample.converged) << sample.message;
  for (std::size_t a = 0; a < LinearModel::kSize; ++a)
    EXPECT_LT(std::abs(z_of(sample.parameter(a), model.mean[a], options)), 4);
}

TEST(HamiltonianSampler, SaysThatTooFewDrawsAreTooFew) {
  const LinearModel model;
  SamplerOptions options;
  options.samples = 10;
  const auto sample = sample_posterior(model, {{diagonal(model.mean, 0.1)}}, options);
  EXPECT_FALSE(sample.converged);
}

TEST(HamiltonianSampler, RefusesWhatCannotBeSampled) {
  const LinearModel model;
  const auto nowhere = [](std::span<const double>, std::span<double>) { return kOutside; };
  EXPECT_THROW((void)sample_posterior(nowhere, {{diagonal({0}, 1)}}), Error);
  EXPECT_THROW((void)sample_posterior(model, {}), Error);
  const std::vector<LaplaceGuess> unequal{diagonal({0}, 1), diagonal({0, 0}, 1)};
  EXPECT_THROW((void)sample_posterior(model, unequal), Error);
  SamplerOptions few;
  few.chains = 2;
  EXPECT_THROW((void)sample_posterior(model, {{diagonal(model.mean, 0.1)}}, few), Error);
}

}  // namespace
