#include "sojourn/numerics/axis_bend.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sojourn::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Smaller correlations change the density by under a percent: noise would cost more.
constexpr double kLeastCorrelation = 0.12;
constexpr std::size_t kMostTerms = 6;  // of one axis
constexpr double kRidge = 1e-3;

/// Parabolas end here: far out, where no draw has shown them, they would carry proposals away.
double held(double w) { return std::clamp(w, -3.5, 3.5); }

VectorXd product_of(const MatrixXd& draws, Index i, Index j) {
  VectorXd product(draws.cols());
  for (Index n = 0; n < draws.cols(); ++n) product[n] = held(draws(i, n)) * held(draws(j, n));
  return product;
}

/// Correlation of each axis with the product of two (axes taken as of unit variance).
VectorXd with_product(const MatrixXd& draws, Index i, Index j) {
  VectorXd product = product_of(draws, i, j);
  product.array() -= product.mean();
  const double n = static_cast<double>(draws.cols());
  const double sd = std::sqrt(product.squaredNorm() / n);
  if (!(sd > 0)) return VectorXd::Zero(draws.rows());
  return draws * product / (n * sd);
}

double variance(const VectorXd& values) { return (values.array() - values.mean()).square().mean(); }

}  // namespace

struct AxisBend::Found {
  double strength = 0;
  Index k = 0, i = 0, j = 0;
};

AxisBend::AxisBend(Index axes) : terms_(static_cast<std::size_t>(axes)), order_(terms_.size()) {
  std::iota(order_.begin(), order_.end(), Index{0});
}

VectorXd AxisBend::bend(const VectorXd& u) const {
  VectorXd w = u;
  for (const Index k : order_)
    for (const Term& t : terms_[static_cast<std::size_t>(k)])
      w[k] += t.coefficient * (held(w[t.i]) * held(w[t.j]) - t.offset);
  return w;
}

VectorXd AxisBend::unbend(const VectorXd& w) const {
  VectorXd u = w;
  for (const Index k : order_)
    for (const Term& t : terms_[static_cast<std::size_t>(k)])
      u[k] -= t.coefficient * (held(w[t.i]) * held(w[t.j]) - t.offset);
  return u;
}

std::size_t AxisBend::n_terms() const {
  std::size_t n = 0;
  for (const auto& terms : terms_) n += terms.size();
  return n;
}

/// Least squares of axis k on its products, with offsets at their means.
void AxisBend::fit(Index k, const MatrixXd& draws) {
  auto& terms = terms_[static_cast<std::size_t>(k)];
  MatrixXd products(draws.cols(), static_cast<Index>(terms.size()));
  for (Index q = 0; q < products.cols(); ++q) {
    Term& term = terms[static_cast<std::size_t>(q)];
    products.col(q) = product_of(draws, term.i, term.j);
    term.offset = products.col(q).mean();
    products.col(q).array() -= term.offset;
  }
  MatrixXd normal = products.transpose() * products;
  normal.diagonal().array() += kRidge * static_cast<double>(draws.cols());
  const VectorXd c = normal.ldlt().solve(products.transpose() * draws.row(k).transpose());
  for (Index q = 0; q < c.size(); ++q) terms[static_cast<std::size_t>(q)].coefficient = c[q];
}

/// Variance of axis k once its bend is undone, over the variance as it is.
double AxisBend::left_over(Index k, const MatrixXd& draws) const {
  VectorXd straight = draws.row(k).transpose();
  for (const Term& t : terms_[static_cast<std::size_t>(k)])
    straight -= t.coefficient * product_of(draws, t.i, t.j);
  return variance(straight) / variance(draws.row(k).transpose());
}

void AxisBend::keep_straighter(Index k, const MatrixXd& first, const MatrixXd& second) {
  auto& terms = terms_[static_cast<std::size_t>(k)];
  while (!terms.empty()) {
    fit(k, first);
    const double forth = left_over(k, second);
    fit(k, second);
    const double back = left_over(k, first);
    if (forth < 0.995 && back < 0.995) return;
    terms.pop_back();  // the weakest
  }
}

void AxisBend::add_acyclic(const std::vector<Found>& found) {
  const std::size_t n = terms_.size();
  std::vector<std::vector<bool>> bends(n, std::vector<bool>(n, false));  // [a][k]: a bends k
  for (std::size_t a = 0; a < n; ++a) bends[a][a] = true;
  for (const Found& f : found) {
    const auto k = static_cast<std::size_t>(f.k);
    const std::size_t sources[] = {static_cast<std::size_t>(f.i), static_cast<std::size_t>(f.j)};
    if (bends[k][sources[0]] || bends[k][sources[1]] || terms_[k].size() >= kMostTerms) continue;
    terms_[k].push_back({f.i, f.j, 0, 0});
    for (const std::size_t source : sources)
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t c = 0; bends[a][source] && c < n; ++c)
          if (bends[k][c]) bends[a][c] = true;
  }
  std::vector<std::size_t> n_above(n, 0);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t a = 0; a < n; ++a) n_above[k] += bends[a][k] ? 1 : 0;
  std::stable_sort(order_.begin(), order_.end(), [&](Index a, Index b) {
    return n_above[static_cast<std::size_t>(a)] < n_above[static_cast<std::size_t>(b)];
  });
}

AxisBend AxisBend::learn(const MatrixXd& first, const MatrixXd& second) {
  const Index n = first.rows();
  AxisBend result(n);
  std::vector<Found> found;
  for (Index i = 0; i < n; ++i)
    for (Index j = i; j < n; ++j) {
      const VectorXd a = with_product(first, i, j), b = with_product(second, i, j);
      for (Index k = 0; k < n; ++k) {
        const double strength = std::min(std::abs(a[k]), std::abs(b[k]));
        if (k != i && k != j && a[k] * b[k] > 0 && strength > kLeastCorrelation)
          found.push_back({strength, k, i, j});
      }
    }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.strength > b.strength; });
  result.add_acyclic(found);
  MatrixXd both(n, first.cols() + second.cols());
  both << first, second;
  for (Index k = 0; k < n; ++k) {
    result.keep_straighter(k, first, second);
    if (!result.terms_[static_cast<std::size_t>(k)].empty()) result.fit(k, both);
  }
  return result;
}

}  // namespace sojourn::numerics
