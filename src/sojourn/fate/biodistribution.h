#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace sojourn::fate {

/// Label of an organ counted ex vivo, over the injected label, decay-corrected.
struct BiodistributionPoint {
  double hours = 0;
  std::string region;
  double fraction = 0, sd = 0;
};

/// biodistribution.tsv: `hours region fraction sd`. @throws Error(bad_input) naming file, line and
/// column: a missing column, a fraction outside [0, 1.5], sd <= 0, hours < 0.
[[nodiscard]] std::vector<BiodistributionPoint> read_biodistribution(
    const std::filesystem::path& file);

}  // namespace sojourn::fate
