#pragma once
#include <optional>
#include <string>
#include <vector>

namespace sojourn::catalogue {

enum class Basis {
  published,  ///< the source states it
  derived,    ///< calculated from numbers that the source states; the note shows how
  assumed     ///< no source states it; the note gives the reasoning
};

/// "published", "derived", "assumed".
[[nodiscard]] std::string name_of(Basis basis);

struct ForCells;

/// A number from the literature, in its native unit, with its spread and where it comes from.
struct Sourced {
  double value = 0;
  std::optional<double> low, high;  ///< range that the source gives, where it gives one
  double relative_sd = 0;  ///< log-normal spread, the prior's width; of a range: 95 % inside it
  Basis basis = Basis::assumed;
  std::string citation;   ///< key in data/references; may be empty where assumed
  std::string condition;  ///< cells, species, assay, time
  std::string note;       ///< arithmetic or reasoning
  std::string text;       ///< value as the row writes it: "15.4 kBq"
  std::string range_text;
  std::vector<ForCells> for_cells;  ///< the same for one kind of cells

  /// The value for these cells where the row has one, else for the kind that they belong to, else
  /// the general value. @param kin ids, the nearest first (Cell::kin).
  [[nodiscard]] const Sourced& of(const std::vector<std::string>& kin) const;
};

struct ForCells {
  std::string cells;  ///< id of a kind of cells
  Sourced sourced;
};

using Field = std::optional<Sourced>;

}  // namespace sojourn::catalogue
