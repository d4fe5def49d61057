#include "sojourn/numerics/gaussian.h"

#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::numerics {

std::vector<double> cholesky(std::vector<double> c, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    double diagonal = c[j * n + j];
    for (std::size_t k = 0; k < j; ++k) diagonal -= c[j * n + k] * c[j * n + k];
    if (!(diagonal > 0)) throw Error(ErrorCode::bad_value, "a covariance is not positive definite");
    const double root = std::sqrt(diagonal);
    c[j * n + j] = root;
    for (std::size_t i = j + 1; i < n; ++i) {
      double sum = c[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= c[i * n + k] * c[j * n + k];
      c[i * n + j] = sum / root;
    }
    for (std::size_t k = j + 1; k < n; ++k) c[j * n + k] = 0;
  }
  return c;
}

void solve_lower(std::span<const double> lower, std::span<double> x) {
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; ++i) {
    double sum = x[i];
    for (std::size_t k = 0; k < i; ++k) sum -= lower[i * n + k] * x[k];
    x[i] = sum / lower[i * n + i];
  }
}

void solve_upper(std::span<const double> lower, std::span<double> x) {
  const std::size_t n = x.size();
  for (std::size_t i = n; i-- > 0;) {
    double sum = x[i];
    for (std::size_t k = i + 1; k < n; ++k) sum -= lower[k * n + i] * x[k];
    x[i] = sum / lower[i * n + i];
  }
}

}  // namespace sojourn::numerics
