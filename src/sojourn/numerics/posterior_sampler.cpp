#include "sojourn/numerics/posterior_sampler.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/numerics/chain_diagnostics.h"
#include "sojourn/numerics/chain_step.h"
#include "sojourn/numerics/posterior_shape.h"

namespace sojourn::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kRounds = 10;  // of warm-up: each learns from the later half of all so far
constexpr std::size_t kMostLearning = 1500;  // draws of each half: more cost time and tell no more
/// Of all evaluations: a model may overflow at a few absurd points, not where the posterior lies.
constexpr double kMostUndefined = 0.01;

struct Chain {
  core::Random random;
  ChainState state;
  StepCounts counts;
  std::vector<VectorXd> kept;
  std::vector<double> log_density;
};

template <typename... Args>
[[noreturn]] void misuse(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorCode::bad_value, fmt::format(format, std::forward<Args>(args)...));
}

void check(const SamplerOptions& o) {
  if (o.chains < 4 || o.chains % 2 != 0)
    misuse("posterior: {} chains (an even number of at least 4 is needed to judge mixing)",
           o.chains);
  if (o.samples < 4 || o.warmup < 10 * kRounds)
    misuse("posterior: {} warm-up steps and {} samples (at least {} and 4 are needed)", o.warmup,
           o.samples, 10 * kRounds);
  if (!(o.jump_share >= 0 && o.walk_share >= 0 && o.jump_share + o.walk_share <= 1))
    misuse(
        "posterior: shares {} of independence proposals and {} of walks (at least 0, together at "
        "most 1)",
        o.jump_share, o.walk_share);
  if (!(o.start_spread > 0 && std::isfinite(o.start_spread)))
    misuse("posterior: a spread of {} of the starts (it must be positive)", o.start_spread);
}

PosteriorShape shape_of(const LaplaceGuess& guess, std::size_t n) {
  if (n == 0 || guess.mean.size() != n || guess.covariance.size() != n * n)
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("posterior: a guess of {} parameters with {} covariances (the first "
                            "guess has {} parameters)",
                            guess.mean.size(), guess.covariance.size(), n));
  const auto size = static_cast<Index>(n);
  const VectorXd mean = Eigen::Map<const VectorXd>(guess.mean.data(), size);
  const MatrixXd covariance = Eigen::Map<const MatrixXd>(guess.covariance.data(), size, size);
  if (!mean.allFinite() || !covariance.allFinite() ||
      Eigen::LLT<MatrixXd>(covariance).info() != Eigen::Success)
    misuse(
        "posterior: the covariance of a guess is not positive definite, or a value is not finite");
  return {mean, covariance};
}

/// The shape of all guesses together, equally weighted: wide enough that chains of one mode can
/// propose the others, so that warm-up does not lose them.
PosteriorShape shape_of_all(std::span<const LaplaceGuess> guesses) {
  const auto n = static_cast<Index>(guesses[0].mean.size());
  const double share = 1 / static_cast<double>(guesses.size());
  VectorXd mean = VectorXd::Zero(n);
  for (const auto& g : guesses) mean += share * Eigen::Map<const VectorXd>(g.mean.data(), n);
  MatrixXd covariance = MatrixXd::Zero(n, n);
  for (const auto& g : guesses) {
    const VectorXd apart = Eigen::Map<const VectorXd>(g.mean.data(), n) - mean;
    covariance +=
        share * (Eigen::Map<const MatrixXd>(g.covariance.data(), n, n) + apart * apart.transpose());
  }
  return {mean, covariance};
}

/// Around the guess; nearer to it where the support ends.
ChainState start(const ChainStepper& stepper, Index n, double spread, Chain& chain) {
  for (int attempt = 0; attempt < 100; ++attempt, spread *= 0.95) {
    ChainState state = stepper.at(spread * normal_vector(n, chain.random), chain.counts);
    if (std::isfinite(state.log_density)) return state;
  }
  ChainState state = stepper.at(VectorXd::Zero(n), chain.counts);
  if (!std::isfinite(state.log_density))
    misuse("posterior: the log density is -infinity at the guess and around it");
  return state;
}

void advance(Chain& chain, std::size_t steps, const ChainStepper& stepper,
             const SamplerOptions& options) {
  for (std::size_t i = 0; i < steps; ++i) {
    const double u = chain.random.uniform();
    if (u < options.jump_share)
      stepper.jump(chain.state, chain.random, chain.counts);
    else if (u < options.jump_share + options.walk_share)
      stepper.walk(chain.state, chain.random, chain.counts);
    else
      stepper.slice_ellipse(chain.state, chain.random, chain.counts);
    chain.kept.push_back(chain.state.x);
    chain.log_density.push_back(chain.state.log_density);
  }
}

/// The later half of what every other chain has seen, thinned.
MatrixXd later_half(const std::vector<Chain>& chains, std::size_t first) {
  const std::size_t n = chains[0].kept.size(), from = n / 2;
  const std::size_t all = (n - from) * (chains.size() / 2);
  const std::size_t thin = std::max<std::size_t>(1, all / kMostLearning);
  std::vector<const VectorXd*> draws;
  for (std::size_t c = first; c < chains.size(); c += 2)
    for (std::size_t i = from; i < n; i += thin) draws.push_back(&chains[c].kept[i]);
  MatrixXd result(chains[0].state.x.size(), static_cast<Index>(draws.size()));
  for (std::size_t i = 0; i < draws.size(); ++i) result.col(static_cast<Index>(i)) = *draws[i];
  return result;
}

StepCounts total(const std::vector<Chain>& chains) {
  StepCounts sum;
  for (const auto& [random, state, c, kept, log_density] : chains) {
    sum.evaluations += c.evaluations;
    sum.jumps += c.jumps;
    sum.jumps_taken += c.jumps_taken;
    sum.not_a_number += c.not_a_number;
  }
  return sum;
}

PosteriorShape warm_up(const LogDensity& log_density, std::vector<Chain>& chains,
                       PosteriorShape shape, const SamplerOptions& options) {
  std::size_t done = 0;
  for (std::size_t round = 1; round <= kRounds; ++round) {
    const std::size_t until = options.warmup * round * round / (kRounds * kRounds);
    const ChainStepper stepper(log_density, shape);
    core::parallel_for(chains.size(),
                       [&](std::size_t c) { advance(chains[c], until - done, stepper, options); });
    done = until;
    const MatrixXd first = later_half(chains, 0), second = later_half(chains, 1);
    if (first.cols() < 2 * shape.size()) continue;
    using Stages = PosteriorShape::Stages;
    shape = shape.learnt(first, second,
                         round <= kRounds / 2 ? Stages::without_ridges : Stages::with_ridges);
    const ChainStepper next(log_density, shape);
    for (Chain& chain : chains) next.rebase(chain.state);
  }
  return shape;
}

void judge(PosteriorSample& result, std::size_t chains, const SamplerOptions& options) {
  result.mixing.resize(result.n_parameters);
  core::parallel_for(result.n_parameters, [&](std::size_t k) {
    const auto values = result.parameter(k);
    Chains cut(chains);
    for (std::size_t c = 0; c < chains; ++c)
      cut[c].assign(values.begin() + static_cast<std::ptrdiff_t>(c * options.samples),
                    values.begin() + static_cast<std::ptrdiff_t>((c + 1) * options.samples));
    result.mixing[k] = {rank_r_hat(cut), bulk_effective_size(cut), tail_effective_size(cut)};
  });
  std::size_t worst = 0, fewest = 0;
  const auto effective = [&](std::size_t k) {
    return std::min(result.mixing[k].bulk_effective, result.mixing[k].tail_effective);
  };
  for (std::size_t k = 0; k < result.n_parameters; ++k) {
    if (result.mixing[k].r_hat > result.mixing[worst].r_hat) worst = k;
    if (effective(k) < effective(fewest)) fewest = k;
  }
  const bool defined = static_cast<double>(result.not_a_number) <=
                       kMostUndefined * static_cast<double>(result.evaluations);
  const bool mixed = result.mixing[worst].r_hat <= options.r_hat_limit;
  const bool enough = effective(fewest) >= options.least_effective;
  result.converged = defined && mixed && enough;
  result.message = "converged";
  if (!defined)
    result.message = fmt::format(
        "not usable: the log density was not a number in {} of {} evaluations (return -infinity "
        "outside the support)",
        result.not_a_number, result.evaluations);
  else if (!mixed)
    result.message = fmt::format(
        "not converged: the chains disagree on parameter {} (R-hat {:.3f}, at most {} is asked); "
        "sample longer, or look for several modes",
        worst, result.mixing[worst].r_hat, options.r_hat_limit);
  else if (!enough)
    result.message = fmt::format(
        "not converged: {:.0f} effective draws of parameter {} (at least {:.0f} are asked); sample "
        "longer",
        effective(fewest), fewest, options.least_effective);
}

/// Guesses that weigh over 1 % by Laplace's approximation but have no draw near them: R-hat cannot
/// see a mode that all chains have left.
void look_for_lost_modes(PosteriorSample& result, const LogDensity& log_density,
                         std::span<const LaplaceGuess> guesses) {
  const auto n = static_cast<Index>(result.n_parameters);
  // squared distances from a mode are n +- sqrt(2 n) inside it
  const double near = static_cast<double>(n) + 6 * std::sqrt(2 * static_cast<double>(n));
  std::vector<double> log_weight;
  std::vector<bool> visited;
  for (const auto& guess : guesses) {
    const Eigen::LLT<MatrixXd> factor(Eigen::Map<const MatrixXd>(guess.covariance.data(), n, n));
    log_weight.push_back(log_density(guess.mean) +
                         factor.matrixLLT().diagonal().array().log().sum());
    const Eigen::Map<const MatrixXd> draws(result.draws.data(), n,
                                           static_cast<Index>(result.log_density.size()));
    const MatrixXd apart =
        factor.matrixL().solve(draws.colwise() - Eigen::Map<const VectorXd>(guess.mean.data(), n));
    visited.push_back((apart.colwise().squaredNorm().array() < near).any());
  }
  result.evaluations += guesses.size();
  const double best = *std::max_element(log_weight.begin(), log_weight.end());
  for (std::size_t g = 0; g < guesses.size(); ++g)
    if (!visited[g] && log_weight[g] > best + std::log(0.01)) {
      result.converged = false;
      result.message = fmt::format(
          "not converged: no draw lies near guess {}, which holds a mode of about "
          "{:.2g} times the weight of the largest; give more warm-up",
          g, std::exp(log_weight[g] - best));
      return;
    }
}

}  // namespace

std::vector<double> PosteriorSample::parameter(std::size_t k) const {
  std::vector<double> values;
  for (std::size_t i = k; i < draws.size(); i += n_parameters) values.push_back(draws[i]);
  return values;
}

PosteriorSample sample_posterior(const LogDensity& log_density,
                                 std::span<const LaplaceGuess> guesses,
                                 const SamplerOptions& options) {
  check(options);
  if (guesses.empty()) misuse("posterior: no guess to start from");
  const std::size_t n = guesses[0].mean.size();
  std::vector<PosteriorShape> shapes;
  for (const auto& guess : guesses) shapes.push_back(shape_of(guess, n));
  const PosteriorShape all = shape_of_all(guesses);
  std::vector<Chain> chains;
  for (std::size_t c = 0; c < options.chains; ++c)
    chains.push_back({core::Random(options.seed, c), {}, {}, {}, {}});
  core::parallel_for(chains.size(), [&](std::size_t c) {
    // neighbours share a guess: the two halves that learn from each other both hold every mode
    const ChainStepper at_guess(log_density, shapes[c / 2 % shapes.size()]);
    chains[c].state = start(at_guess, static_cast<Index>(n), options.start_spread, chains[c]);
    ChainStepper(log_density, all).rebase(chains[c].state);
  });
  const PosteriorShape shape = warm_up(log_density, chains, all, options);

  const StepCounts before = total(chains);
  const ChainStepper stepper(log_density, shape);
  core::parallel_for(chains.size(), [&](std::size_t c) {
    chains[c].kept.clear();
    chains[c].log_density.clear();
    advance(chains[c], options.samples, stepper, options);
  });
  const StepCounts counts = total(chains);
  PosteriorSample result;
  result.n_parameters = n;
  for (const Chain& chain : chains) {
    for (const auto& x : chain.kept) result.draws.insert(result.draws.end(), x.begin(), x.end());
    result.log_density.insert(result.log_density.end(), chain.log_density.begin(),
                              chain.log_density.end());
  }
  result.evaluations = counts.evaluations;
  result.not_a_number = counts.not_a_number;
  const std::size_t jumps = counts.jumps - before.jumps;
  if (jumps > 0)
    result.acceptance =
        static_cast<double>(counts.jumps_taken - before.jumps_taken) / static_cast<double>(jumps);
  judge(result, options.chains, options);
  if (guesses.size() > 1) look_for_lost_modes(result, log_density, guesses);
  return result;
}

}  // namespace sojourn::numerics
