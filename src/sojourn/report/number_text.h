#pragma once
#include <optional>
#include <string>

/// Numbers as the page shows them.
namespace sojourn::report {

/// `digits` significant figures with trailing zeros ("0.300", "12.4", "1 240 000"): thousands apart
/// by a narrow no-break space, a true minus sign; powers of ten below 1e-3 and from 1e9 on; "n/a"
/// where not finite.
[[nodiscard]] std::string figures(double value, int digits = 3);
/// The same, "n/a" where missing.
[[nodiscard]] std::string figures(const std::optional<double>& value, int digits = 3);

/// 10 to a whole power as text ("10⁶", "10⁻³").
[[nodiscard]] std::string power_of_ten(int exponent);

/// Hours as headings show them: "0.0417", "4.2", "96.1", without trailing zeros.
[[nodiscard]] std::string hours_text(double hours);

/// A unit that keeps shown numbers short, and what one of it holds in the record's unit.
struct ShownUnit {
  double size = 1;  ///< record's value / size = shown value
  std::string name;
};

/// Bq, kBq, MBq or GBq for values up to `largest_bq`.
[[nodiscard]] ShownUnit activity_unit(double largest_bq);

}  // namespace sojourn::report
