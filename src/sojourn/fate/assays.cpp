#include "sojourn/fate/assays.h"

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::fate {
namespace {

double need(const core::Tsv& table, std::size_t row, const char* column, double low, double high) {
  const auto value = table.number(row, column);
  if (!value)
    refuse("{}: {} is missing (a number is needed in every row)", table.where(row), column);
  if (*value < low || *value > high)
    refuse("{}: {} = {} lies outside [{}, {}]", table.where(row), column, *value, low, high);
  return *value;
}

std::vector<AssayPoint> read(const std::filesystem::path& file, const char* column,
                             double highest) {
  constexpr double kYear = 8760, kSmallest = 1e-6;
  const core::Tsv table =
      core::Tsv::parse(core::read_file(file, 1 << 24), file.filename().string());
  for (const char* wanted : {"hours", column, "sd"})
    if (!table.find(wanted))
      refuse("{}: the column \"{}\" is missing (columns are: hours {} sd)",
             file.filename().string(), wanted, column);
  std::vector<AssayPoint> points;
  for (std::size_t i = 0; i < table.rows(); ++i)
    points.push_back({need(table, i, "hours", 0, kYear), need(table, i, column, kSmallest, highest),
                      need(table, i, "sd", kSmallest, highest)});
  return points;
}

}  // namespace

std::vector<AssayPoint> read_retention(const std::filesystem::path& file) {
  auto points = read(file, "fraction", 1.5);
  constexpr double kBeyond = 3;  // standard deviations
  for (const auto& p : points)
    if (p.value > 1 + kBeyond * p.sd)
      refuse(
          "{}: fraction: {} +- {} at {} h is over 1, but cells do not gain label in culture: "
          "correct its decay or what it was divided by, or leave the assay out",
          file.filename().string(), p.value, p.sd, p.hours);
  return points;
}
std::vector<AssayPoint> read_growth(const std::filesystem::path& file) {
  return read(file, "fold", 1e6);
}

}  // namespace sojourn::fate
