#include "sojourn/dose/tia_table.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"
#include "sojourn/units/units.h"

namespace sojourn::dose {
namespace {

std::optional<double> sd_of(const core::Tsv& table, std::size_t row) {
  if (!table.find("sd")) return std::nullopt;
  const auto sd = table.number(row, "sd");
  if (sd && *sd < 0) refuse("{}: sd: {} is negative", table.where(row), *sd);
  return sd;
}

double need(const core::Tsv& table, std::size_t row, const char* column) {
  const auto value = table.number(row, column);
  if (!value) refuse("{}: {}: a number must stand here", table.where(row), column);
  return *value;
}

}  // namespace

std::vector<SourceIntegral> read_integrals(std::string_view tsv, const std::string& name) {
  const auto table = core::Tsv::parse(tsv, name);
  std::vector<SourceIntegral> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    SourceIntegral one{table.at(row, "source"), need(table, row, "hours"),
                       sd_of(table, row).value_or(0)};
    if (!(one.hours >= 0)) refuse("{}: hours: {} is negative", table.where(row), one.hours);
    for (const auto& other : all)
      if (other.source == one.source)
        refuse("{}: source: {} stands twice", table.where(row), one.source);
    all.push_back(std::move(one));
  }
  if (all.empty()) refuse("{}: no rows; columns are source, hours and, if known, sd", name);
  return all;
}

std::vector<SourceCurve> read_curves(std::string_view tsv, const std::string& name) {
  const auto table = core::Tsv::parse(tsv, name);
  std::vector<SourceCurve> curves;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto& source = table.at(row, "source");
    auto at = std::find_if(curves.begin(), curves.end(),
                           [&](const auto& c) { return c.source == source; });
    if (at == curves.end()) at = curves.insert(curves.end(), {source, {}});
    at->points.push_back(
        {need(table, row, "hours"), need(table, row, "fraction"), sd_of(table, row)});
  }
  if (curves.empty())
    refuse("{}: no rows; columns are source, hours, fraction and, if known, sd", name);
  return curves;
}

SourceCurve scaled(const SourceCurve& curve, const Scaling& s) {
  SourceCurve result{curve.source, {}};
  const double k = std::log(2.0) / (s.half_life_s / units::kSecondsPerHour);
  for (const auto& p : curve.points) {
    const double hours = p.hours * s.time_factor;
    // decay is that of the new time
    const double factor = s.part_ratio * std::exp(-k * (hours - p.hours));
    CurvePoint q{hours, p.value * factor, std::nullopt};
    if (p.sd) q.sd = *p.sd * factor;
    result.points.push_back(q);
  }
  return result;
}

}  // namespace sojourn::dose
