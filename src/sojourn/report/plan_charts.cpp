#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "sojourn/report/plan_lines.h"
#include "sojourn/report/plan_sections.h"

namespace sojourn::report {
namespace {

using records::MethodPlan;
using records::PlanPoint;

constexpr double kSignalShown = 1e4;  ///< the largest signal over the smallest that is drawn
constexpr double kLimitShown = 30;    ///< the largest limit that is drawn over the wanted cells

std::vector<TimedValue> scan_values(const MethodPlan& m, double PlanPoint::*what) {
  std::vector<TimedValue> values;
  for (const auto& p : m.points) values.emplace_back(p.time_s, p.*what);
  return values;
}

/// What the chart of a unit is called.
std::string title_of(const std::string& unit) {
  if (unit == "Bq") return "Signal of one cell: activity";
  if (unit == "19F atoms") return "Signal of one cell: fluorine";
  if (unit == "g") return "Signal of one cell: iron";
  if (unit == "1/s") return "Signal of one cell: light";
  return "Signal of one cell";
}

std::string signal_chart(const PlanView& view, const std::string& unit) {
  PlanChart chart;
  chart.title = title_of(unit);
  double top = 0;
  for (std::size_t i = 0; i < view.feasible.size(); ++i) {
    const MethodPlan& m = *view.feasible[i];
    if (m.signal_unit != unit) continue;
    PlanLine line{m.name, i + 1, m.signal_curve, scan_values(m, &PlanPoint::signal_per_cell)};
    if (line.curve.empty()) line.curve = line.marks;
    for (const auto& [t, v] : line.curve) {
      if (std::isfinite(v) && v < 1e30) top = std::max(top, v);
    }
    chart.lines.push_back(std::move(line));
  }
  const ShownUnit shown = signal_unit(unit, top);
  chart.unit = shown.size;
  if (top > 0) chart.lowest = top / kSignalShown;
  chart.y_label = shown.name.empty() ? "per cell" : shown.name + " per cell";
  chart.subtitle = unit == "Bq" ? "living cell, with physical decay; marks: the scans"
                                : "living cell; marks: the scans";
  return plan_chart(chart);
}

std::string limit_chart(const PlanView& view) {
  const double wanted = view.plan.question.wanted_cells;
  PlanChart chart;
  chart.title = "Detection limit";
  chart.subtitle = "cells in the region; below the line of wanted cells they are seen";
  chart.y_label = "cells";
  chart.wanted = wanted;
  chart.wanted_label = "wanted: " + given_number(wanted) + " cells";
  for (std::size_t i = 0; i < view.feasible.size(); ++i) {
    const auto values = scan_values(*view.feasible[i], &PlanPoint::limit_cells);
    chart.lines.push_back({view.feasible[i]->name, i + 1, values, values});
  }
  double smallest = wanted;
  for (const auto& line : chart.lines) {
    for (const auto& [t, v] : line.marks) {
      if (v > 0 && std::isfinite(v)) smallest = smallest > 0 ? std::min(smallest, v) : v;
    }
  }
  const double most = kLimitShown * std::max(wanted, smallest);
  if (most > 0 && std::isfinite(most)) chart.highest = most;
  return plan_chart(chart);
}

}  // namespace

std::string plan_time_charts(const PlanView& view) {
  std::vector<std::string> units;
  for (const auto* m : view.feasible) {
    if (std::find(units.begin(), units.end(), m->signal_unit) == units.end()) {
      units.push_back(m->signal_unit);
    }
  }
  std::stable_partition(units.begin(), units.end(), [](const auto& u) { return u == "Bq"; });
  std::string out = limit_chart(view);
  for (const auto& unit : units) out += signal_chart(view, unit);
  return out;
}

}  // namespace sojourn::report
