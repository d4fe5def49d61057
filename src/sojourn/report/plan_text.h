#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sojourn/records/plan.h"
#include "sojourn/report/number_text.h"

/// Numbers and names as the page of a plan shows them.
namespace sojourn::report {

/// Keeps a number and its unit on one line.
inline constexpr const char* kUnitSpace = "\u00A0";

/// "90 min", "24 h", "7 d".
[[nodiscard]] std::string time_text(double seconds);

/// The prefix that shows `value` between 1 and 1000: {1e-3, "mBq"} for 0.02 and "Bq".
[[nodiscard]] ShownUnit prefixed_unit(double value, const std::string& unit);
/// "36 kBq"; "n/a" where not finite.
[[nodiscard]] std::string with_prefix(double value, const std::string& unit, int digits = 2);

/// A number that somebody gave: no zeros that he did not write.
[[nodiscard]] std::string given_number(double value);
/// A calculated number of cells, two figures: "< 1", "> 10¹²", "∞" where no number of cells is
/// enough.
[[nodiscard]] std::string cell_count(double cells);

/// "pg of iron", "photons/s": what one cell shows, in a unit that fits `largest`.
[[nodiscard]] ShownUnit signal_unit(const std::string& unit, double largest);
[[nodiscard]] std::string signal_text(double value, const std::string& unit);

/// "Zr-89" as 89 raised, then Zr; other names as they are. Escaped.
[[nodiscard]] std::string nuclide_html(const std::string& nuclide);
/// "ex-vivo-label" -> "ex vivo label". Not escaped.
[[nodiscard]] std::string spaced(std::string id);
/// "a, b and c". Not escaped.
[[nodiscard]] std::string listed(const std::vector<std::string>& parts);
/// "1 scan", "2 scans".
[[nodiscard]] std::string counted(std::size_t n, const std::string& noun);

/// A raised p, m or a that says what a number rests on.
[[nodiscard]] std::string basis_mark(records::Basis basis);
/// A cell of a table: the shown text, with the record's value beside it for those who copy;
/// "n/a" where there is none. `shown` and `after` are HTML.
[[nodiscard]] std::string number_cell(double value, const std::string& shown,
                                      const std::string& after = {});
[[nodiscard]] std::string no_number();

/// The scan of a method at a wanted time; none where the method has no such scan.
[[nodiscard]] const records::PlanPoint* point_at(const records::MethodPlan& method, double time_s);

/// A plan with its methods parted and its references numbered.
struct PlanView {
  explicit PlanView(const records::PlanResult& plan);
  const records::PlanResult& plan;
  std::vector<const records::MethodPlan*> feasible{}, excluded{};
  std::map<std::string, std::size_t> number_of{};  ///< of a reference's key, from 1

  /// "[1, 4]" with links; a key without a reference stays readable. Empty for no citation.
  [[nodiscard]] std::string cite(const std::vector<std::string>& keys) const;
};

}  // namespace sojourn::report
