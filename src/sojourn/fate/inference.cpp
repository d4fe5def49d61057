#include "sojourn/fate/inference.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/fate/likelihood.h"
#include "sojourn/fate/sampling_coordinates.h"
#include "sojourn/numerics/fit.h"
#include "sojourn/numerics/hamiltonian_sampler.h"
#include "sojourn/numerics/rank_statistics.h"
#include "sojourn/numerics/statistics.h"

namespace sojourn::fate {
namespace {

void check(const InferenceProblem& p) {
  if (p.observations.empty())
    refuse(
        "nothing was measured that holds cells (no region with a role): name roles in [regions]");
  if (p.infused && (!(p.cells > 0) || !(p.injected > 0)))
    refuse("cells and activity that were infused must be positive");
  for (const auto& o : p.observations) {
    const bool early = o.signal != Signal::tracer && !(o.t_s >= 0);
    if (!std::isfinite(o.value) || !std::isfinite(o.noise_sd) || o.noise_sd < 0 || early)
      refuse(
          "the measurement of {} in scan {} is not finite, has a negative noise or lies before "
          "the infusion: correct or leave it out",
          o.region, o.scan);
    SOJOURN_EXPECT(o.signal != Signal::tracer || o.tracer < p.tracers.size());
  }
}

/// Laplace's approximation at the best mode that several starts find, in sampling coordinates.
std::vector<numerics::LaplaceGuess> modes_of(const Likelihood& likelihood,
                                             const SamplingCoordinates& coordinates,
                                             const InferenceOptions& options) {
  const std::size_t n = likelihood.space().size();
  core::Random random(options.seed, 1ULL << 60);
  constexpr int kStarts = 3;
  constexpr double kStartSpread = 0.7;
  std::vector<std::vector<double>> starts(kStarts, std::vector<double>(n, 0.0));
  for (int i = 1; i < kStarts; ++i)
    for (auto& z : starts[static_cast<std::size_t>(i)]) z = kStartSpread * random.normal();
  for (auto& start : starts) start = coordinates.coordinates(start);
  numerics::FitProblem problem;
  problem.n_residuals = likelihood.residual_count();
  problem.residuals = [&](std::span<const double> w, std::span<double> r) {
    likelihood.residuals(coordinates.scores(w), r);
  };
  problem.typical.assign(n, 1.0);
  numerics::FitOptions limits;
  limits.most_iterations = 60;
  limits.cost_tolerance = 1e-8, limits.step_tolerance = 1e-6, limits.gradient_tolerance = 1e-8;
  const auto best = numerics::fit(problem, starts, limits);
  if (!best.covariance.empty() &&
      std::isfinite(likelihood.log_posterior(coordinates.scores(best.theta))))
    return {{best.theta, best.covariance}};
  // no mode was found: the prior is where the chains start
  std::vector<double> unit(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) unit[i * n + i] = 1;
  return {{coordinates.coordinates(std::vector<double>(n, 0.0)), unit}};
}

void summarise(const Likelihood& likelihood, const numerics::PosteriorSample& sample,
               Posterior& posterior) {
  const auto& space = likelihood.space();
  posterior.lowest_effective = 1e300;
  posterior.highest_r_hat = 0;
  for (std::size_t k = 0; k < space.size(); ++k) {
    const auto z = sample.parameter(k);
    ParameterSummary s;
    s.name = space.name(k);
    const auto at = [&](double score) { return space.natural(k, score); };
    constexpr double k95 = 1.959963985;
    s.prior_median = at(0), s.prior_lo95 = at(-k95), s.prior_hi95 = at(k95);
    s.median = at(numerics::quantile(z, 0.5));
    s.lo95 = at(numerics::quantile(z, 0.025)), s.hi95 = at(numerics::quantile(z, 0.975));
    s.r_hat = sample.mixing[k].r_hat;
    s.effective = std::min(sample.mixing[k].bulk_effective, sample.mixing[k].tail_effective);
    // a prior's standard deviation is 1: what is left of it, and how far the middle has moved
    constexpr double kSame = 0.9, kMoved = 0.25;
    s.as_prior = numerics::standard_deviation(z) > kSame && std::abs(numerics::mean(z)) < kMoved;
    posterior.lowest_effective = std::min(posterior.lowest_effective, s.effective);
    posterior.highest_r_hat = std::max(posterior.highest_r_hat, s.r_hat);
    posterior.parameters.push_back(std::move(s));
  }
}

/// Every n-th draw with what it says of the regions.
void draw_regions(const Likelihood& likelihood, const numerics::PosteriorSample& sample,
                  const InferenceOptions& options, Posterior& posterior) {
  const std::size_t all = sample.log_density.size(), n = std::min(options.draws, all);
  const std::size_t rows = likelihood.rows();
  posterior.regions.resize(rows);
  for (auto& r : posterior.regions)
    for (auto* list : {&r.cells, &r.live_fraction, &r.label_per_cell, &r.expansion, &r.live})
      list->resize(n);
  posterior.bone_free.resize(n);
  posterior.marrow_cells.resize(n);
  std::vector<double> tail(n);
  core::parallel_for(n, [&](std::size_t k) {
    const auto world = likelihood.space().at(sample.draw(k * all / n));
    const auto predictions = likelihood.predict(world);
    core::Random random(options.seed, (1ULL << 61) + k);
    const auto t = likelihood.truth(predictions, likelihood.explain(predictions, random), random);
    for (std::size_t i = 0; i < rows; ++i) {
      auto& r = posterior.regions[i];
      r.cells[k] = t.cells[i];
      r.live[k] = t.live[i];
      r.live_fraction[k] = t.total[i] > 0 ? t.live[i] / t.total[i] : 0;
      r.label_per_cell[k] = t.cells[i] > 0 ? t.live[i] / t.cells[i] : 0;
      r.expansion[k] = predictions[i].expansion;
    }
    std::tie(posterior.bone_free[k], posterior.marrow_cells[k]) = likelihood.bone_and_marrow(world);
    tail[k] =
        numerics::chi_square_p_value(likelihood.misfit(predictions), static_cast<double>(rows));
  });
  posterior.predictive_p = numerics::mean(tail);
}

}  // namespace

Posterior infer(const InferenceProblem& problem, const InferenceOptions& options) {
  check(problem);
  const Likelihood likelihood(problem);
  const SamplingCoordinates coordinates(likelihood.space());
  const auto guesses = modes_of(likelihood, coordinates, options);
  numerics::SamplerOptions sampling;
  sampling.chains = options.chains;
  sampling.warmup = options.warmup;
  sampling.samples = options.samples;
  sampling.seed = options.seed;
  sampling.r_hat_limit = options.r_hat_limit;
  sampling.least_effective = options.least_effective;
  numerics::PosteriorSample sample;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.attempts); ++i) {
    sample = numerics::sample_posterior(
        [&](std::span<const double> w, std::span<double> g) {
          const double value = likelihood.log_posterior(coordinates.scores(w), g);
          coordinates.pull(w, g);
          return value;
        },
        guesses, sampling);
    if (sample.converged) break;
    sampling.warmup *= 2, sampling.samples *= 2;
    sampling.seed += 1ULL << 32;
  }
  const std::size_t n = likelihood.space().size();
  for (std::size_t i = 0; i < sample.log_density.size(); ++i) {
    const auto z = coordinates.scores(sample.draw(i));
    std::copy(z.begin(), z.end(), sample.draws.begin() + static_cast<std::ptrdiff_t>(i * n));
  }
  Posterior posterior;
  posterior.converged = sample.converged;
  posterior.message = sample.message;
  summarise(likelihood, sample, posterior);
  draw_regions(likelihood, sample, options, posterior);
  return posterior;
}

}  // namespace sojourn::fate
