#include "sojourn/numerics/symmetric_modes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

SymmetricModes symmetric_modes(std::span<const double> matrix, std::size_t n) {
  if (n == 0 || matrix.size() != n * n)
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("symmetric_modes: {} entries are no square matrix of {} rows",
                            matrix.size(), n));
  if (!std::all_of(matrix.begin(), matrix.end(), [](double v) { return std::isfinite(v); }))
    throw Error(ErrorCode::bad_value, "symmetric_modes: an entry is not finite");
  const auto size = static_cast<Eigen::Index>(n);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(
      Eigen::Map<const Matrix>(matrix.data(), size, size));
  if (solver.info() != Eigen::Success)
    throw Error(ErrorCode::internal, "symmetric_modes: the iteration did not converge");
  SymmetricModes modes;
  modes.values.assign(solver.eigenvalues().data(), solver.eigenvalues().data() + n);
  modes.vectors.resize(n * n);
  Eigen::Map<Matrix>(modes.vectors.data(), size, size) = solver.eigenvectors();
  return modes;
}

}  // namespace sojourn::numerics
