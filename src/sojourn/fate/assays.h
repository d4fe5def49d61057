#pragma once
#include <filesystem>
#include <vector>

namespace sojourn::fate {

/// One row of an assay: a value with its standard deviation, hours after the start of the culture.
struct AssayPoint {
  double hours = 0, value = 0, sd = 0;
};

/// retention.tsv: `hours fraction sd`, label bound in living cells over that at the start,
/// decay-corrected.
/// @throws Error(bad_input) naming file, line and column: a missing column, a value outside
/// (0, 1.5], sd <= 0, a fraction over 1 by more than three standard deviations.
[[nodiscard]] std::vector<AssayPoint> read_retention(const std::filesystem::path& file);

/// growth.tsv: `hours fold sd`, living cells over those at the start.
[[nodiscard]] std::vector<AssayPoint> read_growth(const std::filesystem::path& file);

}  // namespace sojourn::fate
