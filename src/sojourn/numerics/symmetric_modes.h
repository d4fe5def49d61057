#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace sojourn::numerics {

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix.
struct SymmetricModes {
  std::vector<double> values;   ///< shape [n], ascending
  std::vector<double> vectors;  ///< shape [n, n], row-major: column k belongs to values[k]
};

/// @param matrix shape [n, n], row-major, symmetric (the lower triangle is read), finite.
/// @throws Error(bad_value) where an entry is not finite, Error(shape_mismatch) where it is not
/// square.
/// @source Golub & Van Loan, Matrix Computations, 4th ed., section 8.3 (QR with implicit shifts, as
/// Eigen implements it).
[[nodiscard]] SymmetricModes symmetric_modes(std::span<const double> matrix, std::size_t n);

}  // namespace sojourn::numerics
