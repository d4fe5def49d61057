#include "sojourn/numerics/rank_statistics.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/numerics/statistics.h"

namespace sojourn::numerics {
namespace {

template <typename... Args>
[[noreturn]] void misuse(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorCode::bad_value, fmt::format(format, std::forward<Args>(args)...));
}

boost::math::chi_squared chi_squared(double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0 && std::isfinite(degrees_of_freedom)))
    misuse("chi-square: {} degrees of freedom (more than 0 are needed)", degrees_of_freedom);
  return boost::math::chi_squared(degrees_of_freedom);
}

}  // namespace

double chi_square_quantile(double p, double degrees_of_freedom) {
  if (!(p > 0 && p < 1)) misuse("chi-square: the probability {} lies outside (0, 1)", p);
  return boost::math::quantile(chi_squared(degrees_of_freedom), p);
}

double chi_square_p_value(double x, double degrees_of_freedom) {
  if (!(x >= 0 && std::isfinite(x))) misuse("chi-square: a value of {} (at least 0 is needed)", x);
  return boost::math::cdf(boost::math::complement(chi_squared(degrees_of_freedom), x));
}

RankTest rank_test(std::span<const std::size_t> ranks, std::size_t n_draws, std::size_t bins) {
  const std::size_t levels = n_draws + 1;
  if (bins < 2 || bins > levels) misuse("rank test: {} bins for {} ranks", bins, levels);
  std::vector<double> seen(bins, 0.0), expected(bins, 0.0);
  for (std::size_t level = 0; level < levels; ++level)
    expected[level * bins / levels] +=
        static_cast<double>(ranks.size()) / static_cast<double>(levels);
  for (const std::size_t rank : ranks) {
    if (rank > n_draws) misuse("rank test: a rank of {} among {} draws", rank, n_draws);
    ++seen[rank * bins / levels];
  }
  RankTest result;
  for (std::size_t b = 0; b < bins; ++b) {
    if (expected[b] < 5)
      misuse("rank test: {:.3g} expected in a bin (at least 5 are needed); use fewer bins",
             expected[b]);
    result.chi_square += (seen[b] - expected[b]) * (seen[b] - expected[b]) / expected[b];
  }
  result.degrees_of_freedom = static_cast<double>(bins - 1);
  result.p_value = chi_square_p_value(result.chi_square, result.degrees_of_freedom);
  return result;
}

Coverage coverage(std::size_t covered, std::size_t trials, double nominal) {
  if (trials == 0 || covered > trials) misuse("coverage: {} of {} trials", covered, trials);
  if (!(nominal > 0 && nominal < 1))
    misuse("coverage: a nominal share of {} (it lies inside (0, 1))", nominal);
  const double n = static_cast<double>(trials), share = static_cast<double>(covered) / n;
  const double z = normal_quantile(0.975), widening = 1 + z * z / n;
  const double centre = (share + z * z / (2 * n)) / widening;
  const double half = z / widening * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  Coverage result;
  result.share = share;
  result.standard_error = std::sqrt(nominal * (1 - nominal) / n);
  result.z = (share - nominal) / result.standard_error;
  result.low = std::max(0.0, centre - half);
  result.high = std::min(1.0, centre + half);
  return result;
}

}  // namespace sojourn::numerics
