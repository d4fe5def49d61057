#include "sojourn/plan/plan_tables.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

using records::MethodPlan;
using records::Planned;

std::string number(std::optional<double> value) { return core::format_number(value, 4); }
std::string basis(const Planned& p) { return p.value ? records::name_of(p.basis) : "n/a"; }

std::string joined(const std::vector<std::string>& words, const char* separator = "; ") {
  return words.empty() ? "n/a" : fmt::format("{}", fmt::join(words, separator));
}

std::vector<std::string> columns(const records::PlanQuestion& q) {
  std::vector<std::string> all{"rank",
                               "method",
                               "class",
                               "modality",
                               "nuclide",
                               "scanner",
                               "indicative",
                               "assumed_share",
                               "activity_per_million_low_bq",
                               "activity_per_million_high_bq",
                               "activity_per_million_bq",
                               "administered_bq",
                               "administered_basis",
                               "effective_dose_msv",
                               "effective_dose_basis",
                               "imaging_delay_h",
                               "optimum_delay_h",
                               "nuclide_match",
                               "positron_blur_mm",
                               "signal_unit",
                               "signal_basis"};
  for (const double t : q.scans_s) {
    const auto hours = core::format_number(t / units::kSecondsPerHour, 4);
    for (const char* what : {"signal_per_cell", "limit_cells", "limited_by", "contrast"})
      all.push_back(fmt::format("{}_{}h", what, hours));
  }
  for (const char* last : {"limit_basis", "needs", "warnings", "excluded_because"})
    all.emplace_back(last);
  return all;
}

std::vector<std::string> row(const MethodPlan& m, std::size_t rank, std::size_t scans) {
  const auto hours = [](const Planned& p) {
    return number(p.value ? std::optional(*p.value / units::kSecondsPerHour) : std::nullopt);
  };
  const auto text = [](const std::string& word) { return word.empty() ? "n/a" : word; };
  const auto window = [&](auto get) {
    return number(m.window ? std::optional<double>(get(*m.window)) : std::nullopt);
  };
  std::vector<std::string> cells{m.feasible() ? std::to_string(rank) : "n/a",
                                 m.id,
                                 m.method_class,
                                 text(m.modality),
                                 text(m.nuclide),
                                 text(m.scanner),
                                 m.indicative ? "true" : "false",
                                 number(m.assumed_share),
                                 number(m.window ? m.window->low_bq : std::nullopt),
                                 window([](const auto& w) { return w.high_bq; }),
                                 window([](const auto& w) { return w.chosen_bq; }),
                                 number(m.administered_bq.value),
                                 basis(m.administered_bq),
                                 number(m.effective_dose_msv.value),
                                 basis(m.effective_dose_msv),
                                 hours(m.imaging_delay_s),
                                 hours(m.optimum_delay_s),
                                 number(m.nuclide_match.value),
                                 number(m.positron_blur_mm.value),
                                 text(m.signal_unit),
                                 m.signal_unit.empty() ? "n/a" : records::name_of(m.signal_basis)};
  for (std::size_t i = 0; i < scans; ++i) {
    if (i >= m.points.size()) {
      cells.insert(cells.end(), 4, "n/a");
      continue;
    }
    const auto& p = m.points[i];
    cells.push_back(number(p.signal_per_cell));
    cells.push_back(number(p.limit_cells));
    cells.push_back(p.limited_by);
    cells.push_back(number(p.contrast > 0 ? std::optional(p.contrast) : std::nullopt));
  }
  cells.push_back(m.points.empty() ? "n/a" : records::name_of(m.limit_basis));
  cells.push_back(joined(m.needs, " "));
  cells.push_back(joined(m.warnings));
  cells.push_back(joined(m.exclusions));
  return cells;
}

/// "2.3e+05", or "-" where there is none.
std::string brief(double value) {
  return std::isfinite(value) && value > 0 ? fmt::format("{:.2g}", value) : "-";
}

std::string feasible_lines(const records::PlanResult& result) {
  std::string text;
  std::size_t rank = 0;
  for (const auto& m : result.methods) {
    if (!m.feasible()) break;
    ++rank;
    const std::string activity =
        m.window                  ? fmt::format("{} kBq/1e6", brief(m.window->chosen_bq / 1e3))
        : m.administered_bq.value ? fmt::format("{} MBq", brief(*m.administered_bq.value / 1e6))
                                  : "-";
    text += fmt::format("{:>3}  {:<24} {:<18} {:>13} {:>10} {:>10} {:>8}  {}\n", rank, m.id,
                        m.scanner, activity, brief(m.points.front().limit_cells),
                        brief(m.points.back().limit_cells),
                        m.effective_dose_msv.value ? brief(*m.effective_dose_msv.value) : "n/a",
                        m.indicative ? "indicative" : "");
  }
  return text;
}

}  // namespace

core::Tsv to_table(const records::PlanResult& result) {
  core::Tsv table(columns(result.question));
  for (std::size_t i = 0; i < result.methods.size(); ++i)
    table.add(row(result.methods[i], i + 1, result.question.scans_s.size()));
  return table;
}

std::string to_text(const records::PlanResult& result) {
  const auto& q = result.question;
  std::string text = fmt::format(
      "{}: {:.2g} {} in a {}; {:.2g} of them in {:.3g} mL of {} to be seen up to {:.3g} h\n\n",
      q.id, q.infused_cells, q.cells, q.species, q.wanted_cells, q.lesion_ml, q.region,
      q.scans_s.back() / units::kSecondsPerHour);
  const auto lines = feasible_lines(result);
  if (lines.empty()) {
    text += "No method is feasible. What excludes each:\n";
  } else {
    text += fmt::format("{:>3}  {:<24} {:<18} {:>13} {:>10} {:>10} {:>8}\n", "", "method",
                        "scanner", "activity", "limit,first", "limit,last", "mSv");
    text += lines;
    for (const auto& warning : result.methods.front().warnings) text += "     ! " + warning + "\n";
    text += "\nExcluded:\n";
  }
  for (const auto& m : result.methods)
    if (!m.feasible()) text += fmt::format("  {:<24} {}\n", m.id, joined(m.exclusions));
  for (const auto& warning : q.warnings) text += "\nnote: " + warning;
  return text + (q.warnings.empty() ? "" : "\n");
}

}  // namespace sojourn::plan
