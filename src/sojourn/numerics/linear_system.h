#pragma once
#include <span>
#include <vector>

namespace sojourn::numerics {

/// x(t) = exp(A t) x(0) for a constant matrix (scaling and squaring with Pade, Eigen).
/// @param matrix shape [n, n], row-major; @param x shape [n]; @return shape [n].
/// @throws Error(shape_mismatch), Error(bad_value) for entries that are not finite.
[[nodiscard]] std::vector<double> propagate(std::span<const double> matrix,
                                            std::span<const double> x, double t);

/// Solves A x = b, with the square A row-major, by pivoted LU; refuses a singular A (reciprocal
/// condition < 1e-12) with Error(bad_value).
[[nodiscard]] std::vector<double> solve(std::span<const double> matrix, std::span<const double> b);

/// Inverse of a square matrix, row-major; the same refusal.
[[nodiscard]] std::vector<double> inverse(std::span<const double> matrix, std::size_t n);

}  // namespace sojourn::numerics
