#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/report/axis.h"
#include "sojourn/report/svg.h"

/// A plotting area with two axes, and what is drawn in it.
namespace sojourn::report {

enum class Mark { none, circle, square, triangle, diamond };

struct Point {
  double x = 0, y = 0;
  std::optional<double> lo{}, hi{};  ///< ends of the error bar
};

struct Series {
  std::string name{};
  std::string colour{};  ///< CSS colour
  Mark mark = Mark::circle;
  bool hollow = false, line = true, dashed = false;
  double shift_px = 0;          ///< sideways, so that bars of two series do not hide each other
  std::vector<Point> points{};  ///< ascending in x
};

struct Panel {
  double width = 0, height = 0;                     ///< of the drawing
  double left = 0, right = 0, top = 0, bottom = 0;  ///< margins
  Axis x{}, y{};
  std::string x_label{}, y_label{};

  [[nodiscard]] double x_px(double value) const;
  [[nodiscard]] double y_px(double value) const;
};

/// Grid, axes, ticks and labels.
void draw_axes(Svg& svg, const Panel& panel);
/// Line, error bars (a band where the points are many) and marks; a value below the axis is a small
/// arrow at it.
void draw_series(Svg& svg, const Panel& panel, const Series& series);
void draw_mark(Svg& svg, double x, double y, Mark mark, bool hollow, std::string_view colour,
               double radius = 4);

/// Distinct for readers with any colour vision; with `mark_of` each of eight series differs twice.
[[nodiscard]] std::string colour_of(std::size_t index);
[[nodiscard]] Mark mark_of(std::size_t index);

/// True where draw_series would draw an arrow.
[[nodiscard]] bool has_values_below(const Panel& panel, const Series& series);

/// A line of samples: "● label  ■ naive".
[[nodiscard]] std::string legend(const std::vector<Series>& series);

}  // namespace sojourn::report
