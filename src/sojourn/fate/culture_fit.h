#pragma once
#include <array>
#include <vector>

#include "sojourn/fate/assays.h"

/// Rates seen through a culture: what decays or grows exponentially shows a sum of rates.
namespace sojourn::fate {

/// Division, death and efflux, in this order.
constexpr std::size_t kCultureRates = 3;
using RateTriple = std::array<double, kCultureRates>;
using RateMatrix = std::array<RateTriple, kCultureRates>;

/// Points with ln(value) = t · Σ c_i rate_i.
struct CultureSeries {
  std::vector<AssayPoint> points;
  RateTriple coefficients{};  ///< c, 1/s of rate per 1/s of slope
};

/// Mode of the logarithms of the rates and Laplace's covariance there.
struct CultureFit {
  RateTriple ln_rate{};
  RateMatrix covariance{};  ///< rows and columns of fixed rates are 0
};

/// Gauss-Newton to the mode of log-normal priors times normal likelihoods of ln(value).
/// @param median prior medians, 1/s; @param ln_sd prior standard deviations of the logarithms. A
/// rate whose median or ln_sd is 0 is fixed.
[[nodiscard]] CultureFit fit_culture(const RateTriple& median, const RateTriple& ln_sd,
                                     const std::vector<CultureSeries>& series);

/// Lower triangle L with L Lᵀ = m for a positive semi-definite m; rows without variance are 0.
[[nodiscard]] RateMatrix cholesky(const RateMatrix& m);

}  // namespace sojourn::fate
