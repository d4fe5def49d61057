#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Draws from a posterior of some tens of parameters by Hamiltonian dynamics, from Laplace's
/// approximation: docs/decisions/0007-sampler.md says why so and what others cost.
namespace sojourn::numerics {

/// ln p(theta) up to a constant, -infinity outside, and its gradient where it is finite; called
/// from several threads at once. The gradient may be approximate: that costs acceptance, not truth.
using LogDensityGradient =
    std::function<double(std::span<const double> theta, std::span<double> gradient)>;

/// Where to start and how wide: a mode with Laplace's covariance, or any rough guess.
struct LaplaceGuess {
  std::vector<double> mean;        ///< shape [n]; the log density is finite there
  std::vector<double> covariance;  ///< shape [n, n], row-major, positive definite
};

struct SamplerOptions {
  std::size_t chains = 6;     ///< at least 4
  std::size_t warmup = 120;   ///< draws of each chain that learn scales, thrown away
  std::size_t samples = 200;  ///< draws kept of each chain
  std::uint64_t seed = 1;
  double start_spread = 1;      ///< starts: this many times the guess's standard deviations
  double acceptance = 0.8;      ///< aimed at by the length of steps
  std::size_t most_steps = 64;  ///< of one trajectory
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
  double acceptance = 0;                ///< mean after warm-up
  double divergent = 0;                 ///< share of trajectories after warm-up that lost energy
  std::size_t gradients = 0;            ///< evaluations, warm-up included

  [[nodiscard]] std::span<const double> draw(std::size_t i) const {
    return std::span(draws).subspan(i * n_parameters, n_parameters);
  }
  /// One parameter over all chains.
  [[nodiscard]] std::vector<double> parameter(std::size_t k) const;
};

/// Chains of Hamiltonian trajectories of random length, in coordinates that the guess's covariance
/// makes round; halfway through warm-up the covariance of all chains takes its place, and the
/// length of steps is learnt twice (dual averaging). The same draws for a seed on any number of
/// threads.
///
/// @param guesses one or several, all of the same size: chains start at them in turn. A mode that
///        no guess tells of is not seen; modes between which chains do not cross make R-hat fail.
/// @return not converged is a result, with the draws as they are: they must not be used as a
///         posterior then.
/// @throws Error(shape_mismatch), Error(bad_value) for options or guesses that cannot be used, and
///         for a log density without a finite value at the guesses.
/// @source Duane et al., Phys Lett B 195 (1987) 216; Neal in Handbook of MCMC (2011), chapter 5;
///         dual averaging: Hoffman & Gelman, JMLR 15 (2014) 1593, section 3.2.
[[nodiscard]] PosteriorSample sample_posterior(const LogDensityGradient& log_density,
                                               std::span<const LaplaceGuess> guesses,
                                               const SamplerOptions& options = {});

}  // namespace sojourn::numerics
