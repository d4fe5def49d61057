#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Draws from a posterior of at most some tens of parameters, without gradients, from Laplace's
/// approximation: docs/decisions/0007-sampler.md says why so and what others would cost.
namespace sojourn::numerics {

/// ln p(theta) up to a constant, -infinity outside; called from several threads at once. NaN counts
/// as outside, and more than 1 % of it as a failure.
using LogDensity = std::function<double(std::span<const double>)>;

/// Where to start and how wide: a mode with Laplace's covariance, or any rough guess.
struct LaplaceGuess {
  std::vector<double> mean;        ///< shape [n]; the log density is finite there
  std::vector<double> covariance;  ///< shape [n, n], row-major, positive definite
};

struct SamplerOptions {
  std::size_t chains = 6;      ///< even, at least 4
  std::size_t warmup = 1200;   ///< steps of each chain that learn the form and are thrown away
  std::size_t samples = 1500;  ///< draws kept of each chain; a step costs about two evaluations
  std::uint64_t seed = 1;
  double start_spread = 1.5;  ///< starts: this many times the guess's standard deviations
  /// Shares of independence proposals and of random walks; the other steps slice ellipses.
  double jump_share = 0.3, walk_share = 0.1;
  // what `converged` asks of every parameter (Vehtari et al. 2021, section 4)
  double r_hat_limit = 1.01;
  double least_effective = 400;
};

struct ParameterMixing {
  double r_hat = 0, bulk_effective = 0, tail_effective = 0;
};

struct PosteriorSample {
  bool converged = false;
  std::string message;  ///< "converged", or which parameter failed and by how much
  std::size_t n_parameters = 0;
  std::vector<double> draws;            ///< shape [chains * samples, n_parameters], chain by chain
  std::vector<double> log_density;      ///< shape [chains * samples]
  std::vector<ParameterMixing> mixing;  ///< shape [n_parameters]
  /// Of independence proposals after warm-up (0 where there were none): near 1, the form is learnt.
  double acceptance = 0;
  std::size_t evaluations = 0;   ///< warm-up included
  std::size_t not_a_number = 0;  ///< of these

  [[nodiscard]] std::span<const double> draw(std::size_t i) const {
    return std::span(draws).subspan(i * n_parameters, n_parameters);
  }
  /// One parameter over all chains.
  [[nodiscard]] std::vector<double> parameter(std::size_t k) const;
};

/// Several chains that learn the posterior's form together in warm-up (scales, correlations, skewed
/// axes, parabolic ridges, tails: PosteriorShape) and then keep it fixed; a step is elliptical
/// slice sampling of what that form does not explain, an independence proposal, or a random walk.
/// The same draws for a seed on any number of threads.
///
/// @param guesses one or several, all of the same size; pairs of chains start at them in turn, and
///        their common moments give the first scales. Modes that the chains cannot cross between,
///        or a guess of some weight that all chains have left, are reported as not converged; a
///        mode that no guess tells of is not seen.
/// @return not converged is a result, with the draws as they are: they must not be used as a
///         posterior then.
/// @throws Error(shape_mismatch), Error(bad_value) for options or guesses that cannot be used, and
///         for a log density of +infinity or without a finite value at the guesses.
/// @source Elliptical slice sampling with a t reference: Nishihara, Murray, Adams, JMLR 15 (2014)
///         2087, algorithm 2; Murray, Adams, MacKay, AISTATS 2010.
[[nodiscard]] PosteriorSample sample_posterior(const LogDensity& log_density,
                                               std::span<const LaplaceGuess> guesses,
                                               const SamplerOptions& options = {});

}  // namespace sojourn::numerics
