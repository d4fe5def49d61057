#include "sojourn/fate/generations.h"

#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

void must_be_count(double value, const char* what) {
  if (!(value >= 0) || !std::isfinite(value))
    throw Error(ErrorCode::bad_value, fmt::format("generations: {} are {}", what, value));
}

}  // namespace

Generations generations(double divisions, double deaths, std::size_t last) {
  must_be_count(divisions, "divisions");
  must_be_count(deaths, "deaths");
  Generations result;
  const double rise = 2 * divisions, living = std::exp(divisions - deaths);
  double counted = 0;
  for (std::size_t g = 0; g <= last; ++g) {
    const double order = static_cast<double>(g);
    const double log_n = rise > 0 ? order * std::log(rise) - std::lgamma(order + 1) : 0;
    const double n = rise > 0 || g == 0 ? std::exp(log_n - divisions - deaths) : 0;
    result.cells.push_back(n);
    counted += n;
  }
  result.beyond = std::fmax(0, living - counted);
  return result;
}

double mean_dilution(double divisions) {
  must_be_count(divisions, "divisions");
  return std::exp(-divisions);
}

double dilution_spread(double divisions) {
  must_be_count(divisions, "divisions");
  // among living cells g is Poisson(2 m): E[4^-g] = exp(-3 m / 2), E[2^-g] = exp(-m)
  return std::sqrt(std::expm1(divisions / 2));
}

}  // namespace sojourn::fate
