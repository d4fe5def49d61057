#pragma once
#include <span>
#include <vector>

namespace sojourn::numerics {

[[nodiscard]] double mean(std::span<const double> values);
/// Sample standard deviation (n - 1); 0 for fewer than two values.
[[nodiscard]] double standard_deviation(std::span<const double> values);
/// Quantile by linear interpolation (type 7); p in [0, 1]; `values` need not be sorted.
[[nodiscard]] double quantile(std::vector<double> values, double p);
/// One-sided quantile of Student's t and of the normal distribution (Boost.Math).
[[nodiscard]] double student_t_quantile(double p, double degrees_of_freedom);
[[nodiscard]] double normal_quantile(double p);

}  // namespace sojourn::numerics
