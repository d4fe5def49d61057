// Effective draws per 1000 evaluations of several samplers; the table of
// docs/decisions/0007-sampler.md. Usage: bench_samplers [seeds, 10] [evaluations, 30000]
#include <fmt/core.h>

#include <cstdlib>

#include "sampler_rivals.h"
#include "sojourn/numerics/chain_diagnostics.h"
#include "sojourn/numerics/posterior_sampler.h"

namespace {

using namespace comparison;
namespace numerics = sojourn::numerics;

Run chosen(const Target& t, std::uint64_t seed) {
  numerics::SamplerOptions options;
  options.seed = seed;
  numerics::LaplaceGuess guess;
  guess.mean.assign(t.mode.begin(), t.mode.end());
  guess.covariance.assign(t.covariance.data(), t.covariance.data() + t.covariance.size());
  const auto sample = numerics::sample_posterior(
      [&](std::span<const double> x) {
        return t.log_density(Eigen::Map<const Vector>(x.data(), t.n));
      },
      std::vector{guess}, options);
  Run run;
  run.evaluations = sample.evaluations;
  for (std::size_t i = 0; i < options.chains * options.samples; ++i) {
    if (i % options.samples == 0) run.chains.emplace_back();
    run.chains.back().push_back(Eigen::Map<const Vector>(sample.draw(i).data(), t.n));
  }
  return run;
}

struct Score {
  double effective = 1e300, r_hat = 0, z = 0;  ///< of the worst parameter
};

Score score(const Target& t, const Run& run) {
  Score result;
  for (Eigen::Index k = 0; k < t.n; ++k) {
    numerics::Chains one;
    double sum = 0, squares = 0, n = 0;
    for (const auto& chain : run.chains) {
      one.emplace_back();
      for (const Vector& x : chain) {
        one.back().push_back(x[k]);
        sum += x[k];
        squares += x[k] * x[k];
        ++n;
      }
    }
    result.effective = std::min(
        {result.effective, numerics::bulk_effective_size(one), numerics::tail_effective_size(one)});
    result.r_hat = std::max(result.r_hat, numerics::rank_r_hat(one));
    if (t.mean.size() == 0) continue;
    const double error =
        std::sqrt((squares / n - sum * sum / (n * n)) / numerics::effective_size(one));
    result.z = std::max(result.z, std::abs(sum / n - t.mean[k]) / error);
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t seeds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10;
  const std::size_t budget = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 30000;
  struct Rival {
    const char* name;
    std::function<Run(const Target&, std::uint64_t)> run;
  };
  const Rival rivals[] = {
      {"stretch",
       [&](const Target& t, auto s) { return ensembles(t, Ensemble::stretch, budget, s); }},
      {"evolution",
       [&](const Target& t, auto s) { return ensembles(t, Ensemble::evolution, budget, s); }},
      {"walk", [&](const Target& t, auto s) { return chains(t, Steps::walk, budget, s); }},
      {"mixture", [&](const Target& t, auto s) { return chains(t, Steps::mixture, budget, s); }},
      {"ellipse", [&](const Target& t, auto s) { return chains(t, Steps::ellipse, budget, s); }},
      {"chosen", chosen}};
  fmt::print("target\tsampler\teffective_per_1000\tevaluations\tworst_r_hat\tworst_z\tgood\n");
  for (const Target& t : targets())
    for (const Rival& rival : rivals) {
      double rate = 0, evaluations = 0, r_hat = 0, z = 0;
      std::size_t good = 0;
      for (std::size_t seed = 1; seed <= seeds; ++seed) {
        const Run run = rival.run(t, seed);
        const Score s = score(t, run);
        const double n = static_cast<double>(run.evaluations),
                     share = 1 / static_cast<double>(seeds);
        rate += share * 1000 * s.effective / n;
        evaluations += share * n;
        r_hat = std::max(r_hat, s.r_hat);
        z = std::max(z, s.z);
        good += s.r_hat <= 1.01 && s.effective >= 400 ? 1 : 0;
      }
      fmt::print("{}\t{}\t{:.1f}\t{:.0f}\t{:.3f}\t{:.1f}\t{}/{}\n", t.name, rival.name, rate,
                 evaluations, r_hat, z, good, seeds);
    }
}
