#pragma once
#include <filesystem>
#include <string>
#include <vector>

/// What was counted outside the body: organs in a gamma counter, cells by flow cytometry.
namespace sojourn::fate {

struct ExVivoPoint {
  double hours = 0;  ///< after the infusion
  std::string region;
  double value = 0, sd = 0;
};

/// biodistribution.tsv: `hours region fraction sd`, label of an organ (or of all blood, or of the
/// whole body) over the injected label, decay-corrected.
/// @throws Error(bad_input) naming file, line and column: a missing column, a fraction outside
/// [0, 1.5], sd <= 0, hours < 0, no row.
[[nodiscard]] std::vector<ExVivoPoint> read_biodistribution(const std::filesystem::path& file);

/// counts.tsv: `hours region cells sd`, living cells of the infused lineage in an organ.
/// @throws as read_biodistribution; cells may be any number from 0 on.
[[nodiscard]] std::vector<ExVivoPoint> read_counts(const std::filesystem::path& file);

}  // namespace sojourn::fate
