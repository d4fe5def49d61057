#include "sojourn/numerics/statistics.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

void check_not_empty(std::size_t n, const char* what) {
  if (n == 0) throw Error(ErrorCode::bad_value, fmt::format("{}: no values", what));
}

void check_open_unit(double p, const char* what) {
  if (!(p > 0 && p < 1))
    throw Error(ErrorCode::bad_value,
                fmt::format("{}: the probability {} lies outside (0, 1)", what, p));
}

}  // namespace

double mean(std::span<const double> values) {
  check_not_empty(values.size(), "mean");
  // a first pass, then the mean of what it leaves: rounding does not grow with the offset of the
  // values
  double sum = 0;
  for (const double v : values) sum += v;
  const double n = static_cast<double>(values.size());
  const double first = sum / n;
  double rest = 0;
  for (const double v : values) rest += v - first;
  return first + rest / n;
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double centre = mean(values);
  double squares = 0, rest = 0;
  for (const double v : values) {
    squares += (v - centre) * (v - centre);
    rest += v - centre;
  }
  const double n = static_cast<double>(values.size());
  return std::sqrt(std::max(0.0, squares - rest * rest / n) / (n - 1));
}

double quantile(std::vector<double> values, double p) {
  check_not_empty(values.size(), "quantile");
  if (!(p >= 0 && p <= 1))
    throw Error(ErrorCode::bad_value,
                fmt::format("quantile: the probability {} lies outside [0, 1]", p));
  // NaN would break the order that nth_element needs
  if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); }))
    throw Error(ErrorCode::bad_value, "quantile: a value is not a number");
  const double place = p * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(low);
  std::nth_element(values.begin(), at, values.end());
  const double below = *at, share = place - static_cast<double>(low);
  if (share == 0 || at + 1 == values.end()) return below;
  const double above = *std::min_element(at + 1, values.end());
  return below == above ? below : below + share * (above - below);
}

double student_t_quantile(double p, double degrees_of_freedom) {
  check_open_unit(p, "student_t_quantile");
  if (!(degrees_of_freedom > 0))
    throw Error(ErrorCode::bad_value,
                fmt::format("student_t_quantile: {} degrees of freedom (more than 0 are needed)",
                            degrees_of_freedom));
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), p);
}

double normal_quantile(double p) {
  check_open_unit(p, "normal_quantile");
  return boost::math::quantile(boost::math::normal(), p);
}

}  // namespace sojourn::numerics
