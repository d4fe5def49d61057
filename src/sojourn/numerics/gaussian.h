#pragma once
#include <cstddef>
#include <span>
#include <vector>

/// What multivariate normal distributions need.
namespace sojourn::numerics {

/// Lower triangle of C = L L'. @param covariance shape [n, n], row-major; its lower triangle is
/// read. @throws Error(bad_value) where it is not positive definite.
[[nodiscard]] std::vector<double> cholesky(std::vector<double> covariance, std::size_t n);

/// C^-1 from its L, shape [n, n].
[[nodiscard]] std::vector<double> inverse_from_cholesky(std::span<const double> lower,
                                                        std::size_t n);

/// x <- L^-1 x and x <- L'^-1 x, in place.
void solve_lower(std::span<const double> lower, std::span<double> x);
void solve_upper(std::span<const double> lower, std::span<double> x);

}  // namespace sojourn::numerics
