#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A chart of many lines on logarithmic values, a few of them named.
namespace sojourn::report {

using TimedValue = std::pair<double, double>;  ///< time in s, value in the record's unit

/// One method's line. Marks stand at scans; the curve may be finer.
struct PlanLine {
  std::string name;
  std::size_t rank = 0;  ///< from 1: names the line in the drawing
  std::vector<TimedValue> curve, marks;
};

struct PlanChart {
  std::string title, subtitle, y_label;
  double unit = 1;  ///< the record's unit in one shown unit
  /// Values beyond these are cut off, in the record's unit.
  std::optional<double> lowest{}, highest{};
  std::optional<double> wanted{};  ///< a line across
  std::string wanted_label{};
  std::vector<PlanLine> lines{};  ///< best first; the first six are coloured and named
};

/// A figure with its legend; empty where no line has a value that can be drawn.
[[nodiscard]] std::string plan_chart(const PlanChart& chart);

}  // namespace sojourn::report
