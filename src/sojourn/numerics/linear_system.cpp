#include "sojourn/numerics/linear_system.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

constexpr double kSingular = 1e-12;

bool finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// The square matrix in `entries`, checked.
Matrix square(std::span<const double> entries, std::size_t n, const char* what) {
  if (n == 0 || entries.size() / n != n || entries.size() % n != 0)
    throw Error(
        ErrorCode::shape_mismatch,
        fmt::format("{}: a matrix of {} entries does not fit a vector of {} (it must be square)",
                    what, entries.size(), n));
  if (!finite(entries))
    throw Error(ErrorCode::bad_value,
                fmt::format("{}: the matrix holds a value that is not finite", what));
  const auto size = static_cast<Eigen::Index>(n);
  return Eigen::Map<const Matrix>(entries.data(), size, size);
}

Vector vector_of(std::span<const double> x, const char* what) {
  if (!finite(x))
    throw Error(ErrorCode::bad_value,
                fmt::format("{}: the vector holds a value that is not finite", what));
  return Eigen::Map<const Vector>(x.data(), static_cast<Eigen::Index>(x.size()));
}

/// Approximant of degree 13 with scaling and squaring.
/// @source Higham, The scaling and squaring method for the matrix exponential revisited,
/// SIAM J Matrix Anal Appl 26 (2005) 1179, doi:10.1137/04061101X, table 2.3 and algorithm 2.3.
Matrix exponential(Matrix a) {
  constexpr double kTheta13 = 5.371920351148152;
  constexpr double b[] = {64764752532480000.,
                          32382376266240000.,
                          7771770303897600.,
                          1187353796428800.,
                          129060195264000.,
                          10559470521600.,
                          670442572800.,
                          33522128640.,
                          1323241920.,
                          40840800.,
                          960960.,
                          16380.,
                          182.,
                          1.};
  const double norm = a.cwiseAbs().colwise().sum().maxCoeff();
  const int squarings =
      norm > kTheta13 ? std::max(0, static_cast<int>(std::ceil(std::log2(norm / kTheta13)))) : 0;
  a *= std::ldexp(1.0, -squarings);
  const Matrix one = Matrix::Identity(a.rows(), a.cols());
  const Matrix a2 = a * a, a4 = a2 * a2, a6 = a4 * a2;
  const Matrix odd = a * (a6 * (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 +
                          b[3] * a2 + b[1] * one);
  const Matrix even =
      a6 * (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * one;
  Matrix result = (even - odd).partialPivLu().solve(even + odd);
  for (int i = 0; i < squarings; ++i) result = (result * result).eval();
  return result;
}

Eigen::PartialPivLU<Matrix> factorise(const Matrix& a, const char* what) {
  Eigen::PartialPivLU<Matrix> lu(a);
  // an exact zero pivot leaves the condition estimate undefined
  const double reciprocal =
      lu.matrixLU().diagonal().cwiseAbs().minCoeff() == 0 ? 0.0 : static_cast<double>(lu.rcond());
  if (!(reciprocal >= kSingular))
    throw Error(
        ErrorCode::bad_value,
        fmt::format(
            "{}: the matrix is singular (reciprocal condition {:.3g}, at least {:.0e} is needed)",
            what, reciprocal, kSingular));
  return lu;
}

}  // namespace

std::vector<double> propagate(std::span<const double> matrix, std::span<const double> x, double t) {
  const Matrix a = square(matrix, x.size(), "propagate");
  const Vector start = vector_of(x, "propagate");
  if (!std::isfinite(t)) throw Error(ErrorCode::bad_value, "propagate: the time is not finite");
  const Vector end = exponential(a * t) * start;
  std::vector<double> result(end.data(), end.data() + end.size());
  if (!finite(result))
    throw Error(ErrorCode::bad_value,
                fmt::format("propagate: the solution overflows at t = {:.6g}", t));
  return result;
}

std::vector<double> solve(std::span<const double> matrix, std::span<const double> b) {
  const Matrix a = square(matrix, b.size(), "solve");
  const Vector x = factorise(a, "solve").solve(vector_of(b, "solve"));
  return {x.data(), x.data() + x.size()};
}

std::vector<double> inverse(std::span<const double> matrix, std::size_t n) {
  const Matrix a = square(matrix, n, "inverse");
  const Matrix x = factorise(a, "inverse").inverse();
  return {x.data(), x.data() + x.size()};
}

}  // namespace sojourn::numerics
