#include "sojourn/recon/prior.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/parallel.h"

namespace sojourn::recon {
namespace {

constexpr double kLeast = 1e-6;  // of the largest value: epsilon where none is given

struct Neighbour {
  int i, j, k;
  double weight;
};

std::vector<Neighbour> neighbours(const image::Geometry& g) {
  const double edge = *std::min_element(g.spacing_mm.begin(), g.spacing_mm.end());
  std::vector<Neighbour> all;
  for (int k = -1; k <= 1; ++k)
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i) {
        if (i == 0 && j == 0 && k == 0) continue;
        const double distance =
            std::hypot(i * g.spacing_mm[0], j * g.spacing_mm[1], k * g.spacing_mm[2]);
        all.push_back({i, j, k, edge / distance});
      }
  return all;
}

double epsilon_of(const RelativeDifference& prior, const image::Volume<float>& x) {
  if (prior.epsilon > 0) return prior.epsilon;
  const float largest = *std::max_element(x.values().begin(), x.values().end());
  return std::max(kLeast * static_cast<double>(largest), 1e-30);
}

/// Calls visit(x_j, x_k, weight) for the neighbours inside of each voxel of plane k.
template <typename Visit>
void visit_plane(const image::Volume<float>& x, const std::vector<Neighbour>& near, int k,
                 const Visit& visit) {
  const auto& g = x.geometry();
  for (int j = 0; j < g.size[1]; ++j)
    for (int i = 0; i < g.size[0]; ++i)
      for (const auto& n : near)
        if (g.contains(i + n.i, j + n.j, k + n.k))
          visit(g.offset(i, j, k), static_cast<double>(x.at(i, j, k)),
                static_cast<double>(x.at(i + n.i, j + n.j, k + n.k)), n.weight);
}

}  // namespace

double prior_value(const RelativeDifference& prior, const image::Volume<float>& x) {
  const auto near = neighbours(x.geometry());
  const double epsilon = epsilon_of(prior, x);
  std::vector<double> sums(static_cast<std::size_t>(x.geometry().size[2]));
  core::parallel_for(sums.size(), [&](std::size_t k) {
    visit_plane(x, near, static_cast<int>(k), [&](std::size_t, double a, double b, double w) {
      const double d = a - b;
      sums[k] += w * d * d / (a + b + prior.gamma * std::abs(d) + epsilon);
    });
  });
  return prior.beta * 0.5 * std::accumulate(sums.begin(), sums.end(), 0.0);  // each pair twice
}

image::Volume<float> prior_gradient(const RelativeDifference& prior,
                                    const image::Volume<float>& x) {
  const auto near = neighbours(x.geometry());
  const double epsilon = epsilon_of(prior, x);
  image::Volume<float> gradient(x.geometry());
  core::parallel_for(static_cast<std::size_t>(x.geometry().size[2]), [&](std::size_t k) {
    visit_plane(x, near, static_cast<int>(k), [&](std::size_t at, double a, double b, double w) {
      const double d = a - b, spread = prior.gamma * std::abs(d);
      const double below = a + b + spread + epsilon;
      gradient.values()[at] += static_cast<float>(
          prior.beta * w * d * (spread + a + 3 * b + 2 * epsilon) / (below * below));
    });
  });
  return gradient;
}

}  // namespace sojourn::recon
