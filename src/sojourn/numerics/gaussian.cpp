#include "sojourn/numerics/gaussian.h"

#include <Eigen/Dense>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Square = Eigen::Map<Matrix>;
using ConstSquare = Eigen::Map<const Matrix>;
using Column = Eigen::Map<Eigen::VectorXd>;

Eigen::Index rows(std::size_t n) { return static_cast<Eigen::Index>(n); }

}  // namespace

std::vector<double> cholesky(std::vector<double> c, std::size_t n) {
  SOJOURN_EXPECT(c.size() == n * n);
  Square square(c.data(), rows(n), rows(n));
  const Eigen::LLT<Eigen::Ref<Matrix>> factor(square);  // in place: the lower triangle
  if (factor.info() != Eigen::Success)
    throw Error(ErrorCode::bad_value, "a covariance is not positive definite");
  square.triangularView<Eigen::StrictlyUpper>().setZero();
  return c;
}

std::vector<double> inverse_from_cholesky(std::span<const double> lower, std::size_t n) {
  const ConstSquare l(lower.data(), rows(n), rows(n));
  Matrix root = Matrix::Identity(rows(n), rows(n));
  l.triangularView<Eigen::Lower>().solveInPlace(root);
  std::vector<double> result(n * n);
  Square(result.data(), rows(n), rows(n)).noalias() = root.transpose() * root;
  return result;
}

void solve_lower(std::span<const double> lower, std::span<double> x) {
  const ConstSquare l(lower.data(), rows(x.size()), rows(x.size()));
  Column column(x.data(), rows(x.size()));
  l.triangularView<Eigen::Lower>().solveInPlace(column);
}

void solve_upper(std::span<const double> lower, std::span<double> x) {
  const ConstSquare l(lower.data(), rows(x.size()), rows(x.size()));
  Column column(x.data(), rows(x.size()));
  l.transpose().triangularView<Eigen::Upper>().solveInPlace(column);
}

}  // namespace sojourn::numerics
