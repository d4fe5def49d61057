#pragma once
#include <algorithm>
#include <numbers>

#include "sampler_targets.h"
#include "sojourn/core/random.h"

/// The samplers that were not taken, as short as they can be written.
namespace comparison {

using sojourn::core::Random;

struct Run {
  std::vector<std::vector<Vector>> chains;  ///< after warm-up
  std::size_t evaluations = 0;
};

inline Vector normals(Eigen::Index n, Random& random) {
  Vector z(n);
  for (double& v : z) v = random.normal();
  return z;
}

/// Gamma variate of scale 1 and shape >= 1 (Marsaglia & Tsang 2000).
inline double gamma_variate(double shape, Random& random) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal(), v = std::pow(std::max(1 + c * x, 0.0), 3);
    if (v > 0 && std::log(random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return d * v;
  }
}

struct Walker {
  Vector x;
  double log_density = kOutside;
};

/// 1.5 times as wide as Laplace says, nearer where the support ends.
inline Walker start(const Target& t, Random& random, Run& run) {
  const Matrix lower = t.covariance.llt().matrixL();
  Walker w;
  for (double spread = 1.5; !std::isfinite(w.log_density); spread *= 0.9) {
    w.x = t.mode + spread * (lower * normals(t.n, random));
    w.log_density = t.log_density(w.x);
    ++run.evaluations;
  }
  return w;
}

inline bool propose(const Target& t, Walker& w, const Vector& x, double log_ratio, Random& random,
                    Run& run) {
  const double value = t.log_density(x);
  ++run.evaluations;
  if (!(std::log(random.uniform()) < value - w.log_density + log_ratio)) return false;
  w = {x, value};
  return true;
}

enum class Ensemble { stretch, evolution };

inline void stretch(const Target& t, std::vector<Walker>& all, std::size_t i, Random& random,
                    Run& run) {
  // partners come from the other half (even and odd), so that halves may move at once
  const std::size_t half = all.size() / 2,
                    j = 2 * std::min(half - 1, static_cast<std::size_t>(
                                                   random.uniform() * static_cast<double>(half))) +
                        (1 - i % 2);
  const double z = std::pow(1 + random.uniform(), 2) / 2;  // g(z) ~ 1/sqrt(z) on [1/2, 2]
  propose(t, all[i], all[j].x + z * (all[i].x - all[j].x),
          static_cast<double>(t.n - 1) * std::log(z), random, run);
}

inline void evolve(const Target& t, std::vector<Walker>& all, std::size_t i, Random& random,
                   Run& run) {
  const auto other = [&](std::vector<std::size_t> taken) {
    std::size_t k = i;
    while (std::find(taken.begin(), taken.end(), k) != taken.end())
      k = std::min(all.size() - 1,
                   static_cast<std::size_t>(random.uniform() * static_cast<double>(all.size())));
    return k;
  };
  const std::size_t a = other({i}), b = other({i, a});
  const double n = static_cast<double>(t.n);
  if (random.uniform() < 0.1) {  // snooker: along the line through another walker
    const Vector centre = all[other({i, a, b})].x, line = all[i].x - centre;
    const double square = line.squaredNorm();
    if (square == 0) return;
    const Vector x =
        all[i].x + (1.2 + random.uniform()) * line * (line.dot(all[a].x - all[b].x) / square);
    propose(t, all[i], x, 0.5 * (n - 1) * std::log((x - centre).squaredNorm() / square), random,
            run);
    return;
  }
  const double gamma = random.uniform() < 0.1 ? 1.0 : 2.38 / std::sqrt(2 * n);
  const Vector jitter =
      1e-4 * t.covariance.diagonal().cwiseSqrt().cwiseProduct(normals(t.n, random));
  propose(t, all[i], all[i].x + gamma * (all[a].x - all[b].x) + jitter, 0, random, run);
}

/// Goodman & Weare 2010, doi:10.2140/camcos.2010.5.65, or ter Braak & Vrugt 2008,
/// doi:10.1007/s11222-008-9104-9: four ensembles on their own; the first third is warm-up.
inline Run ensembles(const Target& t, Ensemble kind, std::size_t budget, std::uint64_t seed) {
  const std::size_t groups = 4, n = static_cast<std::size_t>(t.n),
                    walkers = std::max<std::size_t>(2 * n, kind == Ensemble::stretch ? 20 : 10);
  const std::size_t sweeps = budget / (groups * walkers);
  Run run;
  for (std::size_t g = 0; g < groups; ++g) {
    Random random(seed, g);
    std::vector<Walker> all;
    for (std::size_t i = 0; i < walkers; ++i) all.push_back(start(t, random, run));
    std::vector<std::vector<Vector>> kept(walkers);
    for (std::size_t s = 0; s < sweeps; ++s)
      for (std::size_t i = 0; i < walkers; ++i) {
        kind == Ensemble::stretch ? stretch(t, all, i, random, run)
                                  : evolve(t, all, i, random, run);
        if (s >= sweeps / 3) kept[i].push_back(all[i].x);
      }
    for (auto& chain : kept) run.chains.push_back(std::move(chain));
  }
  return run;
}

/// Mean and covariance as learnt, as a t distribution with 8 degrees of freedom.
struct Form {
  static constexpr double kNu = 8;
  Vector mean;
  Matrix lower;
  [[nodiscard]] Vector unit(const Vector& x) const {
    return lower.triangularView<Eigen::Lower>().solve(x - mean);
  }
  [[nodiscard]] static double log_t(const Vector& u) {
    return -0.5 * (kNu + static_cast<double>(u.size())) * std::log1p(u.squaredNorm() / kNu);
  }
};

enum class Steps { walk, mixture, ellipse };

inline void slice_ellipse(const Target& t, const Form& form, Walker& w, Random& random, Run& run) {
  const Vector u = form.unit(w.x);
  const double scale = 0.5 * (Form::kNu + u.squaredNorm()) /
                       gamma_variate(0.5 * (Form::kNu + static_cast<double>(t.n)), random);
  const Vector v = std::sqrt(scale) * normals(t.n, random);
  const double level = w.log_density - Form::log_t(u) + std::log(random.uniform());
  double angle = 2 * std::numbers::pi * random.uniform(), low = angle - 2 * std::numbers::pi,
         high = angle;
  for (int shrink = 0; shrink < 200; ++shrink) {
    const Vector next = u * std::cos(angle) + v * std::sin(angle),
                 x = form.mean + form.lower * next;
    const double value = t.log_density(x);
    ++run.evaluations;
    if (value - Form::log_t(next) > level) {
      w = {x, value};
      return;
    }
    (angle < 0 ? low : high) = angle;
    angle = low + random.uniform() * (high - low);
  }
}

struct Learner {
  const Target& t;
  Form form;
  double scale;
  std::size_t walks = 0, taken = 0;

  void step(Steps steps, Walker& w, Random& random, Run& run) {
    if (steps == Steps::ellipse) return slice_ellipse(t, form, w, random, run);
    if (steps == Steps::mixture && random.uniform() < 0.4) {
      const double g = gamma_variate(Form::kNu / 2, random) * 2 / Form::kNu;
      const Vector u = normals(t.n, random) / std::sqrt(g);
      propose(t, w, form.mean + form.lower * u, Form::log_t(form.unit(w.x)) - Form::log_t(u),
              random, run);
      return;
    }
    ++walks;
    taken +=
        propose(t, w, w.x + scale * (form.lower * normals(t.n, random)), 0, random, run) ? 1 : 0;
  }

  void learn(const std::vector<std::vector<Vector>>& seen) {
    Vector mean = Vector::Zero(t.n);
    double n = 0;
    const auto each = [&](const auto& body) {
      for (const auto& chain : seen)
        for (std::size_t i = chain.size() / 2; i < chain.size(); ++i) body(chain[i]);
    };
    each([&](const Vector& x) { mean += x, ++n; });
    const double belief = 2 * static_cast<double>(t.n), weight = n / 10;  // draws are correlated
    mean = (belief * t.mode + weight * mean / n) / (belief + weight);
    Matrix spread = Matrix::Zero(t.n, t.n);
    each([&](const Vector& x) { spread += (x - mean) * (x - mean).transpose(); });
    form = {mean,
            ((belief * t.covariance + weight * spread / n) / (belief + weight)).llt().matrixL()};
    if (walks > 20)
      scale *= std::exp(std::clamp(
          1.5 * (static_cast<double>(taken) / static_cast<double>(walks) - 0.25), -0.7, 0.7));
    walks = taken = 0;
  }
};

/// Six chains that learn mean and covariance during the first third, then keep them: random walks
/// of 2.38/sqrt(d) times the covariance, those with 40 % independence proposals, or ellipses.
inline Run chains(const Target& t, Steps steps, std::size_t budget, std::uint64_t seed) {
  constexpr std::size_t kChains = 6, kRounds = 6;
  Run run;
  Learner learner{
      t, {t.mode, t.covariance.llt().matrixL()}, 2.38 / std::sqrt(static_cast<double>(t.n))};
  std::vector<Random> random;
  std::vector<Walker> walkers;
  for (std::size_t c = 0; c < kChains; ++c) {
    random.emplace_back(seed, c);
    walkers.push_back(start(t, random.back(), run));
  }
  std::vector<std::vector<Vector>> seen(kChains);
  const auto advance = [&](std::size_t until) {
    while (run.evaluations < until)
      for (std::size_t c = 0; c < kChains; ++c) {
        learner.step(steps, walkers[c], random[c], run);
        seen[c].push_back(walkers[c].x);
      }
  };
  for (std::size_t round = 1; round <= kRounds; ++round) {
    advance(budget / 3 * round * round / (kRounds * kRounds));
    if (seen[0].size() >= 4) learner.learn(seen);
  }
  seen.assign(kChains, {});
  advance(budget);
  run.chains = std::move(seen);
  return run;
}

}  // namespace comparison
