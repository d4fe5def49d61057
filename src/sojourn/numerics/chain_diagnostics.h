#pragma once
#include <span>
#include <vector>

/// How far several Markov chains of one number have mixed.
/// @source Vehtari, Gelman, Simpson, Carpenter, Burkner, Rank-normalization, folding, and
/// localization: an improved R-hat for assessing convergence of MCMC, Bayesian Analysis 16 (2021)
/// 667, doi:10.1214/20-BA1221.
namespace sojourn::numerics {

/// One parameter: chains[c][i], all of the same length >= 4 and finite.
using Chains = std::vector<std::vector<double>>;

/// R-hat of the values as they are, each chain cut in halves (the middle draw of an odd length is
/// left out): sqrt(((n - 1)/n W + B/n) / W), their equations 1 to 4. Infinite where no half varies
/// but the halves differ, 1 where all values are equal.
/// @throws Error(shape_mismatch) for fewer than 4 draws or unequal lengths; Error(bad_value) for a
/// value that is not finite. So do the others.
[[nodiscard]] double split_r_hat(const Chains& chains);

/// The larger of split_r_hat of the rank-normalised values and of the rank-normalised distances
/// from the median (their section 4.1, equation 14).
[[nodiscard]] double rank_r_hat(const Chains& chains);

/// Effective sample size for the mean of the values as they are (their equations 10 to 13, with
/// Geyer's initial monotone sequence); the standard error of the mean is sd / sqrt(this). A
/// constant has 0: it says nothing of mixing.
[[nodiscard]] double effective_size(const Chains& chains);

/// Of the rank-normalised values: how well the middle is known.
[[nodiscard]] double bulk_effective_size(const Chains& chains);

/// The smaller of those of I(x <= 5 % quantile) and I(x <= 95 % quantile).
[[nodiscard]] double tail_effective_size(const Chains& chains);

}  // namespace sojourn::numerics
