#include "sojourn/fate/biodistribution.h"

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::fate {

std::vector<BiodistributionPoint> read_biodistribution(const std::filesystem::path& file) {
  const auto table = core::Tsv::parse(core::read_file(file, 1 << 24), file.filename().string());
  std::vector<BiodistributionPoint> points;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto hours = table.number(row, "hours"), fraction = table.number(row, "fraction"),
               sd = table.number(row, "sd");
    const auto& region = table.at(row, "region");
    if (!hours || !fraction || !sd) continue;  // n/a: not measured
    if (*hours < 0) refuse("{}: hours: {} lies before the infusion", table.where(row), *hours);
    if (!(*fraction >= 0 && *fraction <= 1.5))
      refuse("{}: fraction: {} is no part of the injected label (0 to 1)", table.where(row),
             *fraction);
    if (!(*sd > 0)) refuse("{}: sd: {} must be over zero", table.where(row), *sd);
    points.push_back({*hours, region, *fraction, *sd});
  }
  if (points.empty()) refuse("{}: holds no measurement", file.filename().string());
  return points;
}

}  // namespace sojourn::fate
