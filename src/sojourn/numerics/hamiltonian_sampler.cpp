#include "sojourn/numerics/hamiltonian_sampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/numerics/chain_diagnostics.h"
#include "sojourn/numerics/gaussian.h"

namespace sojourn::numerics {
namespace {

using Vector = std::vector<double>;

/// theta = centre + L u: u is about round.
struct Metric {
  Vector centre, lower;

  void to_theta(const Vector& u, Vector& theta) const {
    const std::size_t n = centre.size();
    for (std::size_t i = 0; i < n; ++i) {
      double sum = centre[i];
      for (std::size_t j = 0; j <= i; ++j) sum += lower[i * n + j] * u[j];
      theta[i] = sum;
    }
  }
  void from_theta(const Vector& theta, Vector& u) const {
    for (std::size_t i = 0; i < theta.size(); ++i) u[i] = theta[i] - centre[i];
    solve_lower(lower, u);
  }
  /// d/du = L' d/dtheta.
  void pull(const Vector& by_theta, Vector& by_u) const {
    const std::size_t n = centre.size();
    std::fill(by_u.begin(), by_u.end(), 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) by_u[j] += lower[i * n + j] * by_theta[i];
  }
};

/// Length of steps by dual averaging towards an acceptance.
class StepLength {
 public:
  explicit StepLength(double start) : centre_(std::log(2 * start)), log_(std::log(start)) {}
  [[nodiscard]] double now() const { return std::exp(log_); }
  [[nodiscard]] double averaged() const { return n_ == 0 ? now() : std::exp(average_); }
  void learn(double missing) {
    constexpr double kGamma = 0.05, kDelay = 10, kForget = 0.75;  // Hoffman & Gelman's choices
    n_ += 1;
    const double w = 1 / (n_ + kDelay);
    error_ = (1 - w) * error_ + w * missing;
    log_ = centre_ - std::sqrt(n_) / kGamma * error_;
    const double forget = std::pow(n_, -kForget);
    average_ = forget * log_ + (1 - forget) * average_;
  }

 private:
  double centre_, log_, average_ = 0, error_ = 0, n_ = 0;
};

struct Chain {
  explicit Chain(core::Random numbers) : random(numbers) {}
  core::Random random;
  Vector theta, gradient;
  double log_density = 0;
  StepLength step{0.5};
  std::size_t gradients = 0, divergent = 0;
  double accepted = 0;
  std::vector<Vector> kept;
};

class Sampler {
 public:
  Sampler(const LogDensityGradient& f, const SamplerOptions& options, std::size_t n)
      : f_(f), options_(options), n_(n) {}

  Metric metric;

  /// Draws of one phase; `learn`: of the length of steps.
  void run(Chain& chain, std::size_t draws, bool learn, double fixed_step) const {
    Vector u(n_), momentum(n_), by_u(n_), theta(n_), gradient(n_);
    for (std::size_t i = 0; i < draws; ++i) {
      const double step = learn ? chain.step.now() : fixed_step;
      const double accept = trajectory(chain, step, u, momentum, by_u, theta, gradient);
      if (learn)
        chain.step.learn(options_.acceptance - accept);
      else
        chain.accepted += accept;
      chain.kept.push_back(chain.theta);
    }
  }

 private:
  /// One proposal; moves the chain where it is accepted. Returns the probability of that.
  double trajectory(Chain& c, double step, Vector& u, Vector& momentum, Vector& by_u, Vector& theta,
                    Vector& gradient) const {
    // lengths around a quarter of a turn of a round Gaussian, where draws forget where they began
    const double length = std::numbers::pi / 2 * (0.4 + 1.2 * c.random.uniform());
    const auto steps = static_cast<std::size_t>(
        std::clamp(std::ceil(length / step), 1.0, static_cast<double>(options_.most_steps)));
    double energy = -c.log_density;
    for (auto& p : momentum) p = c.random.normal(), energy += p * p / 2;
    metric.from_theta(c.theta, u);
    metric.pull(c.gradient, by_u);
    double log_density = c.log_density;
    gradient = c.gradient;
    bool lost = false;
    for (std::size_t s = 0; s < steps && !lost; ++s) {
      for (std::size_t i = 0; i < n_; ++i) {
        momentum[i] += step / 2 * by_u[i];
        u[i] += step * momentum[i];
      }
      metric.to_theta(u, theta);
      log_density = f_(theta, gradient);
      ++c.gradients;
      lost = !std::isfinite(log_density) || !std::all_of(gradient.begin(), gradient.end(),
                                                         [](double g) { return std::isfinite(g); });
      if (lost) break;
      metric.pull(gradient, by_u);
      for (std::size_t i = 0; i < n_; ++i) momentum[i] += step / 2 * by_u[i];
    }
    double change = energy + log_density;
    for (const double p : momentum) change -= p * p / 2;
    const double draw = c.random.uniform();
    constexpr double kLostEnergy = 1000;  // Stan's bound of a divergence
    if (lost || !(change > -kLostEnergy)) {
      ++c.divergent;
      return 0;
    }
    const double accept = std::min(1.0, std::exp(change));
    if (draw < accept) {
      c.theta = theta;
      c.gradient = gradient;
      c.log_density = log_density;
    }
    return accept;
  }

  const LogDensityGradient& f_;
  const SamplerOptions& options_;
  std::size_t n_;
};

void check(std::span<const LaplaceGuess> guesses, const SamplerOptions& o) {
  if (guesses.empty() || guesses.front().mean.empty())
    throw Error(ErrorCode::bad_value, "posterior: a guess of at least one parameter is needed");
  const std::size_t n = guesses.front().mean.size();
  for (const auto& g : guesses)
    if (g.mean.size() != n || g.covariance.size() != n * n)
      throw Error(ErrorCode::shape_mismatch, "posterior: guesses differ in size");
  if (o.chains < 4 || o.samples < 8 || o.warmup < 20)
    throw Error(ErrorCode::bad_value,
                "posterior: at least 4 chains of 20 draws of warm-up and 8 kept are needed");
  if (!(o.acceptance > 0 && o.acceptance < 1) || !(o.start_spread >= 0) || o.most_steps == 0)
    throw Error(ErrorCode::bad_value, "posterior: acceptance, start or steps are out of range");
}

/// Covariance of all chains' draws, drawn towards the former one as if that were n draws more.
Metric learnt(const std::vector<Chain>& chains, const Metric& before) {
  const std::size_t n = before.centre.size();
  double draws = 0;
  Vector mean(n, 0.0), c(n * n, 0.0);
  for (const auto& chain : chains)
    for (const auto& x : chain.kept) {
      draws += 1;
      for (std::size_t i = 0; i < n; ++i) mean[i] += x[i];
    }
  for (auto& m : mean) m /= draws;
  for (const auto& chain : chains)
    for (const auto& x : chain.kept)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) c[i * n + j] += (x[i] - mean[i]) * (x[j] - mean[j]);
  const double prior = static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double former = 0;
      for (std::size_t k = 0; k <= j; ++k)
        former += before.lower[i * n + k] * before.lower[j * n + k];
      c[i * n + j] = (c[i * n + j] + prior * former) / (draws + prior);
    }
  return {mean, cholesky(std::move(c), n)};
}

/// One length of steps for all chains: the geometric mean of what they learnt.
double common_step(const std::vector<Chain>& chains) {
  double sum = 0;
  for (const auto& c : chains) sum += std::log(c.step.averaged());
  return std::exp(sum / static_cast<double>(chains.size()));
}

void judge(const SamplerOptions& o, PosteriorSample& s) {
  s.mixing.resize(s.n_parameters);
  for (std::size_t k = 0; k < s.n_parameters; ++k) {
    const auto values = s.parameter(k);
    Chains cut(o.chains);
    for (std::size_t c = 0; c < o.chains; ++c)
      cut[c].assign(values.begin() + static_cast<std::ptrdiff_t>(c * o.samples),
                    values.begin() + static_cast<std::ptrdiff_t>((c + 1) * o.samples));
    s.mixing[k] = {rank_r_hat(cut), bulk_effective_size(cut), tail_effective_size(cut)};
  }
  std::size_t worst = 0, least = 0;
  const auto effective = [&](std::size_t k) {
    return std::min(s.mixing[k].bulk_effective, s.mixing[k].tail_effective);
  };
  for (std::size_t k = 0; k < s.n_parameters; ++k) {
    if (s.mixing[k].r_hat > s.mixing[worst].r_hat) worst = k;
    if (effective(k) < effective(least)) least = k;
  }
  constexpr double kDivergent =
      0.01;  // more trajectories than this that lose their energy hide a part
  s.message = "converged";
  if (s.mixing[worst].r_hat > o.r_hat_limit)
    s.message = fmt::format(
        "not converged: the chains disagree on parameter {} (R-hat {:.3f}, at most {} is asked)",
        worst, s.mixing[worst].r_hat, o.r_hat_limit);
  else if (effective(least) < o.least_effective)
    s.message = fmt::format(
        "not converged: {:.0f} effective draws of parameter {} (at least {:.0f} are asked)",
        effective(least), least, o.least_effective);
  else if (s.divergent > kDivergent)
    s.message = fmt::format(
        "not converged: {:.1f} % of the trajectories broke off, so a part may be hidden",
        100 * s.divergent);
  s.converged = s.message == "converged";
}

void start(const LogDensityGradient& f, const LaplaceGuess& guess, double spread, Chain& c) {
  const std::size_t n = guess.mean.size();
  const Metric around{guess.mean, cholesky(guess.covariance, n)};
  Vector u(n);
  c.theta.resize(n), c.gradient.resize(n);
  constexpr int kTries = 20;
  for (int i = 0; i <= kTries; ++i) {
    // ever nearer to the guess, and at last the guess itself
    const double scale = spread * (1 - static_cast<double>(i) / kTries);
    for (auto& x : u) x = scale * c.random.normal();
    around.to_theta(u, c.theta);
    c.log_density = f(c.theta, c.gradient);
    ++c.gradients;
    if (std::isfinite(c.log_density)) return;
  }
  throw Error(ErrorCode::bad_value, "posterior: the log density is not finite at a guess");
}

}  // namespace

std::vector<double> PosteriorSample::parameter(std::size_t k) const {
  Vector values(log_density.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = draws[i * n_parameters + k];
  return values;
}

PosteriorSample sample_posterior(const LogDensityGradient& f, std::span<const LaplaceGuess> guesses,
                                 const SamplerOptions& options) {
  check(guesses, options);
  const std::size_t n = guesses.front().mean.size(), m = options.chains;
  std::vector<Chain> chains;
  for (std::size_t c = 0; c < m; ++c) chains.emplace_back(core::Random(options.seed, c));
  Sampler sampler(f, options, n);
  sampler.metric = {guesses.front().mean, cholesky(guesses.front().covariance, n)};
  core::parallel_for(m, [&](std::size_t c) {
    start(f, guesses[c % guesses.size()], options.start_spread, chains[c]);
    sampler.run(chains[c], options.warmup / 4, true, 0);
    chains[c].kept.clear();  // still near the start
    sampler.run(chains[c], options.warmup / 4, true, 0);
  });
  for (const double part : {0.3, 0.2}) {
    sampler.metric = learnt(chains, sampler.metric);
    const double step = common_step(chains);
    core::parallel_for(m, [&](std::size_t c) {
      chains[c].step = StepLength(step);
      sampler.run(chains[c], static_cast<std::size_t>(part * static_cast<double>(options.warmup)),
                  true, 0);
    });
  }
  const double step = common_step(chains);
  PosteriorSample result;
  result.n_parameters = n;
  result.draws.resize(m * options.samples * n);
  result.log_density.resize(m * options.samples);
  core::parallel_for(m, [&](std::size_t c) {
    Chain& chain = chains[c];
    chain.divergent = 0;
    for (std::size_t i = 0; i < options.samples; ++i) {
      chain.kept.clear();
      sampler.run(chain, 1, false, step);
      const std::size_t at = c * options.samples + i;
      std::copy(chain.theta.begin(), chain.theta.end(),
                result.draws.begin() + static_cast<std::ptrdiff_t>(at * n));
      result.log_density[at] = chain.log_density;
    }
  });
  const double kept = static_cast<double>(m * options.samples);
  for (const auto& chain : chains) {
    result.acceptance += chain.accepted / kept;
    result.divergent += static_cast<double>(chain.divergent) / kept;
    result.gradients += chain.gradients;
  }
  judge(options, result);
  return result;
}

}  // namespace sojourn::numerics
