#pragma once
#include <cstddef>
#include <span>

/// Tests of calibration: are ranks of truths among posterior draws uniform, and do intervals hold
/// the truth as often as they say.
/// @source Talts et al., Validating Bayesian inference algorithms with simulation-based
/// calibration, arXiv:1804.06788.
namespace sojourn::numerics {

/// Of the chi-square distribution (Boost.Math). @throws Error(bad_value) outside p in (0, 1),
/// degrees > 0, x >= 0. The p value is P(X > x).
[[nodiscard]] double chi_square_quantile(double p, double degrees_of_freedom);
[[nodiscard]] double chi_square_p_value(double x, double degrees_of_freedom);

struct RankTest {
  double chi_square = 0, degrees_of_freedom = 0, p_value = 1;
};

/// Pearson's test of uniform ranks, in `bins` groups of neighbouring ranks (unequal groups where
/// they do not divide evenly, with their own expected numbers).
/// @param ranks each in [0, n_draws]: how many of n_draws draws lie below the truth.
/// @throws Error(bad_value) for a rank outside, fewer than 2 bins, more bins than ranks, or fewer
///         than 5 expected in a bin (the approximation would not hold).
[[nodiscard]] RankTest rank_test(std::span<const std::size_t> ranks, std::size_t n_draws,
                                 std::size_t bins);

struct Coverage {
  double share = 0;           ///< of trials whose interval held the truth
  double standard_error = 0;  ///< sqrt(q (1 - q) / n) at the nominal share q
  double z = 0;               ///< (share - nominal) / standard error
  double low = 0, high = 1;   ///< Wilson's interval of 95 % around the share
};

/// @throws Error(bad_value) for no trial, more covered than trials, or a nominal share outside
///         (0, 1).
/// @source Wilson, J Am Stat Assoc 22 (1927) 209, doi:10.1080/01621459.1927.10502953.
[[nodiscard]] Coverage coverage(std::size_t covered, std::size_t trials, double nominal);

}  // namespace sojourn::numerics
