#include "sojourn/fate/ex_vivo.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::fate {
namespace {

std::vector<ExVivoPoint> read(const std::filesystem::path& file, const char* column, double most,
                              const char* meaning) {
  const auto table = core::Tsv::parse(core::read_file(file, 1 << 24), file.filename().string());
  std::vector<ExVivoPoint> points;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto hours = table.number(row, "hours"), value = table.number(row, column),
               sd = table.number(row, "sd");
    const auto& region = table.at(row, "region");
    if (!hours || !value || !sd) continue;  // n/a: not measured
    if (*hours < 0) refuse("{}: hours: {} lies before the infusion", table.where(row), *hours);
    if (!(*value >= 0 && *value <= most))
      refuse("{}: {}: {} is no {}", table.where(row), column, *value, meaning);
    if (!(*sd > 0 && std::isfinite(*sd)))
      refuse("{}: sd: {} must be over zero", table.where(row), *sd);
    points.push_back({*hours, region, *value, *sd});
  }
  if (points.empty()) refuse("{}: holds no measurement", file.filename().string());
  return points;
}

}  // namespace

std::vector<ExVivoPoint> read_biodistribution(const std::filesystem::path& file) {
  return read(file, "fraction", 1.5, "part of the injected label (0 to 1)");
}

std::vector<ExVivoPoint> read_counts(const std::filesystem::path& file) {
  return read(file, "cells", 1e16, "number of cells");
}

}  // namespace sojourn::fate
